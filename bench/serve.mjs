/**
 * The child's side of the protocol, for contenders in JavaScript. Lines in, one line of JSON out for each:
 *
 *   (start)         {versions: {…}} or {missing: "how to get it"}
 *   prepare <json>  {ready: true, checks: {…}, repeats = 1} or {unsupported: "why"}; a case of cases.mjs
 *   run <n>         [ms, …] of n runs, each the mean over `repeats` calls
 *
 * `prepare(case)` returns {unsupported}, or {run, checks, repeats = 1}; `run` may be asynchronous. Checks are compared by name with
 * the other contenders', see verify.mjs.
 */
import { createInterface } from 'node:readline';

export async function serve({ versions, prepare }) {
  const answer = answerTo(prepare);
  // Libraries greet on standard output, where only answers belong.
  console.log = console.info = console.warn = console.error;
  write({ versions });
  for await (const line of createInterface({ input: process.stdin })) write(await answer(line));
}

/** Says that the package is not there, and ends. */
export function serveMissing(how) {
  write({ missing: how });
}

const write = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

function answerTo(prepare) {
  let contest;
  return async (line) => {
    const [word] = line.split(' ', 1);
    const rest = line.slice(word.length + 1);
    if (word === 'run') return await times(contest, Number(rest));
    contest = undefined;
    const prepared = await prepare(JSON.parse(rest));
    if (prepared.unsupported !== undefined) return prepared;
    contest = { repeats: 1, ...prepared };
    return { ready: true, checks: contest.checks, repeats: contest.repeats };
  };
}

async function times({ run, repeats }, count) {
  const result = [];
  for (let n = 0; n < count; n++) {
    const begin = performance.now();
    const pending = run();
    if (pending instanceof Promise) await pending;
    for (let k = 1; k < repeats; k++) {
      const again = run();
      if (again instanceof Promise) await again;
    }
    result.push((performance.now() - begin) / repeats);
  }
  return result;
}
