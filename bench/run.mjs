/** The benchmark: see options.mjs for what can be asked, docs/benchmarks/README.md for what the numbers say. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CASES } from './cases.mjs';
import { contendersOf } from './contenders.mjs';
import { Field } from './field.mjs';
import { formatTime } from './format.mjs';
import { describeMachine } from './machine.mjs';
import { HELP, parseOptions } from './options.mjs';
import { measurePeaks, measureStart } from './own-figures.mjs';
import { picture } from './picture.mjs';
import { report } from './report.mjs';
import { paceOf, timeInTurns } from './schedule.mjs';
import { buildOneDnn, checkBuild, installPeers } from './setup.mjs';
import { verify } from './verify.mjs';

const say = (text) => process.stderr.write(`${text}\n`);

try {
  await main(parseOptions(process.argv.slice(2)));
} catch (error) {
  say(`bench: ${error.message}`);
  process.exit(1);
}

async function main(options) {
  if (options.help) return console.log(HELP);
  const cases = casesOf(options.case);
  if (options.list) return console.log(cases.map(({ name }) => name).join('\n'));
  checkBuild();
  const machine = describeMachine(options.node);
  const field = enter(contendersOf(options), cases);
  const peaks = measurePeaks(options.node);
  const start = measureStart(options.node);
  const results = [];
  for (const shape of cases) results.push(await runCase(shape, field, paceOf(options.quick)));
  field.close();
  const { versions, missing } = field;
  const outcome = { machine, peaks, start, results, versions, missing: [...missing], quick: options.quick };
  const markdown = report(outcome);
  console.log(markdown);
  if (options.write) write(machine.nodeMajor, markdown, picture(outcome));
  if (results.some(({ entries }) => entries.some(({ failed }) => failed !== undefined))) process.exitCode = 1;
}

function casesOf(parts) {
  const cases = CASES.filter(({ name }) => parts.length === 0 || parts.some((part) => name.includes(part)));
  if (cases.length === 0) throw new Error(`no case has "${parts.join('" or "')}" in its name; see --list.`);
  return cases;
}

/** Installs and compiles what these cases need. */
function enter(contenders, cases) {
  const kinds = new Set(cases.map(({ kind }) => kind));
  const needed = contenders.filter((contender) => contender.kinds.some((kind) => kinds.has(kind)));
  if (needed.some(({ javascript }) => javascript)) installPeers(say);
  const withoutOneDnn = needed.some(({ name }) => name === 'oneDNN') ? buildOneDnn(say) : undefined;
  return new Field(needed, { oneDNN: withoutOneDnn }, say);
}

/** Prepares, verifies, then times: { shape, entries, agreement }. */
async function runCase(shape, field, pace) {
  say(`\n${shape.name}`);
  const entries = await field.prepare(shape);
  const ready = entries.filter((entry) => entry.ready);
  const agreement = verify(shape.name, ready);
  const timed = await timeInTurns(ready, pace);
  const others = entries.filter((entry) => !entry.ready);
  for (const entry of [...timed, ...others]) say(`  ${progressLine(entry)}`);
  return { shape, entries: [...timed, ...others], agreement };
}

function progressLine({ label, median, count, spread, failed, unsupported }) {
  const text =
    median === undefined
      ? (failed ?? unsupported)
      : `${formatTime(median).padStart(9)}   ${count} runs, medians of the rounds within ${(spread * 100).toFixed(0)} %`;
  return `${label.padEnd(22)} ${text}`;
}

function write(nodeMajor, markdown, svg) {
  const folder = fileURLToPath(new URL('../docs/benchmarks/', import.meta.url));
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}node${nodeMajor}.md`, markdown);
  writeFileSync(`${folder}node${nodeMajor}.svg`, svg);
  say(`written: docs/benchmarks/node${nodeMajor}.md and .svg`);
}
