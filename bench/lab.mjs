/**
 * The memory lab's whole table: cells on tasks that ask for memory, echo state networks on their series, beside what was published,
 * and everything that must come out. Exit status 1 if any of it does not.
 *
 * Usage: npm run bench:lab [-- --write] [--json FILE]     (after npm run build)
 *   --write   puts the tables into docs/lab.md, between the markers
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compareCells, comparisonGates, comparisonJobs, runLabJobs, SEQUENCE_TASKS } from '../dist/lab-entry.js';
import { engineInfo } from '../dist/nn/index.js';
import { describeMachine } from './machine.mjs';

const DOC = fileURLToPath(new URL('../docs/lab.md', import.meta.url));
const [BEGIN, END] = ['<!-- tables: begin, written by npm run bench:lab -->', '<!-- tables: end -->'];
const say = (text) => process.stderr.write(`${text}\n`);

const { values: options } = parseArgs({ options: { write: { type: 'boolean' }, json: { type: 'string' } } });
const machine = describeMachine(process.execPath);
const jobs = comparisonJobs();
const told = new Set();
const began = performance.now();
const runs = await runLabJobs(jobs, {
  onProgress: (at) => {
    if (told.has(at)) return;
    told.add(at);
    const { task, cell, seed } = jobs[at];
    say(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${task} ${cell}, seed ${seed}`);
  },
});
const seconds = (performance.now() - began) / 1000;
/** Of all threads: what two idle processors would need is half of it. */
const { user, system } = process.cpuUsage();
const processorSeconds = (user + system) / 1e6;
const comparison = compareCells(runs);
const gates = comparisonGates(comparison);
const text = tables();
console.log(text);
if (options.json !== undefined)
  writeFileSync(options.json, JSON.stringify({ seconds, processorSeconds, ...comparison, gates, runs }));
if (options.write) {
  const page = readFileSync(DOC, 'utf8');
  const [first, last] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (first < 0 || last < first) throw new Error(`docs/lab.md has no place between ${BEGIN} and ${END}`);
  writeFileSync(DOC, `${page.slice(0, first + BEGIN.length)}\n\n${text}\n\n${page.slice(last)}`);
  say('written: docs/lab.md');
}
if (gates.some(({ ok }) => !ok)) process.exitCode = 1;

function tables() {
  const { cells, series } = comparison;
  const cellRows = cells.map(({ task, length, cell, solved, seeds, updates, sequences, best, seconds: each }) => [
    length === null ? task : `${task} ${length}`,
    cell,
    `${solved} of ${seeds}`,
    updates ?? '–',
    sequences ?? '–',
    short(best),
    `${each.toFixed(1)} s`,
  ]);
  const seriesRows = series.map(({ task, what, reservoirSize, nrmse, published, simple, seconds: each }) => {
    const size = `${task}, ${what}`;
    return [
      size,
      reservoirSize,
      short(nrmse),
      published,
      `${simple.name}: ${short(simple.nrmse)}`,
      `${each.toFixed(1)} s`,
    ];
  });
  const asked = new Map(runs.filter(({ curve }) => curve).map((run) => [run.task, run]));
  return [
    `\`npm run bench:lab\`, ${machine.date}: Node ${machine.node}, ${machine.cpu}, ${machine.cores} cores, kernels ${engineInfo().tier}; ${runs.length} runs in ${seconds.toFixed(0)} s, ${processorSeconds.toFixed(0)} s of processor time; load before: ${machine.load.toFixed(1)}.`,
    '',
    '### Cells on tasks',
    '',
    ...table(['task', 'cell', 'solved', 'updates', 'sequences', 'best score', 'time'], cellRows),
    '',
    ...table(
      ['task', 'score', 'published'],
      [...asked].map(([name, { measure, goal, memoryless }]) => {
        const { published, source } = SEQUENCE_TASKS[name];
        return [
          name,
          `${measure}; solved ${short(goal)}; without memory ${short(memoryless)}`,
          `${published} (${source})`,
        ];
      }),
    ),
    '',
    '### Echo state networks on series',
    '',
    ...table(['series', 'N', 'NRMSE', 'published', 'beside it', 'time'], seriesRows),
    '',
    '### What must hold',
    '',
    ...table(
      ['gate', 'measured', ''],
      gates.map(({ name, got, ok }) => [name, got, ok ? 'holds' : '**fails**']),
    ),
  ].join('\n');
}

function table(head, rows) {
  const line = (row) => `| ${row.join(' | ')} |`;
  return [line(head), `|${head.map(() => ' --- |').join('')}`, ...rows.map(line)];
}

function short(value) {
  return value !== 0 && value < 0.01 ? value.toExponential(1) : value.toFixed(3);
}
