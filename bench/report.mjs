/** The results as Markdown: one table for each kind of case, a row for each shape and number of threads, a column for each peer. */
import { KINDS, operations } from './cases.mjs';
import { formatRate, formatRatio, formatTime, shapeName } from './format.mjs';
import { median } from './schedule.mjs';

/** `outcome`: { machine, peaks, start, results, versions, missing, quick }. */
export function report(outcome) {
  return [
    `# Benchmark on Node ${outcome.machine.nodeMajor}`,
    outcome.quick ? '**A quick look, with few rounds: not figures to quote.**' : undefined,
    introduction(outcome.machine),
    machineTable(outcome),
    peakTable(outcome.peaks),
    startTable(outcome.start),
    ...Object.keys(KINDS).map((kind) => kindSection(kind, outcome.results)),
    notes(outcome),
  ]
    .filter((part) => part !== undefined)
    .join('\n\n')
    .concat('\n');
}

const introduction = ({ nodeMajor }) =>
  `Made by \`npm run bench\`; what is measured and what not: [README.md](README.md). Picture: [node${nodeMajor}.svg](node${nodeMajor}.svg).
Each cell has the median time, the rate in GF/s (of the matrix products), and the time as a multiple of Tidegate's with the same number
of threads: above 1 the peer takes longer. Shapes are B, T, I, H: series, steps, inputs, hidden units.`;

function machineTable({ machine, versions }) {
  const rows = [
    ['Date', machine.date],
    ['Machine', `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.platform}`],
    ['Load before the start', `${machine.load.toFixed(2)} (0 is a machine left alone)`],
    ['Node, V8', `${machine.node}, ${machine.v8}`],
    ...Object.entries(versions),
  ];
  return table(['', ''], rows);
}

function peakTable(peaks) {
  const rows = peaks.map(({ tier, rate }) => [tier, `${formatRate(rate)} GF/s`]);
  return `## Peak of one core\n\nWhat a loop of independent multiplications and additions reaches in WebAssembly, in each kernel tier.\n\n${table(['Tier', 'Peak'], rows)}`;
}

function startTable(start) {
  const rows = start.map(({ what, ms }) => [what, formatTime(ms)]);
  return `## Start\n\nA fresh process, one thread; the steps are those of 32,48,8,64.\n\n${table(['', 'Time'], rows)}`;
}

function kindSection(kind, results) {
  const ofKind = results.filter(({ shape }) => shape.kind === kind);
  if (ofKind.length === 0) return undefined;
  const timed = ofKind.flatMap(({ entries }) => entries).filter(({ median }) => median !== undefined);
  const names = [...new Set(timed.map(({ name }) => name))];
  const threads = [...new Set(timed.map((entry) => entry.threads))].sort((a, b) => a - b);
  const rows = ofKind.flatMap((result) => threads.map((count) => row(result, count, names)));
  const head = ['Shape', 'Threads', ...names];
  return `## ${KINDS[kind]}\n\n${table(
    head,
    rows.filter((cells) => cells.slice(2).some((cell) => cell !== '–')),
  )}`;
}

function row({ shape, entries }, threads, names) {
  const find = (name) => entries.find((entry) => entry.name === name && entry.threads === threads);
  const ours = find('Tidegate')?.median;
  const cells = names.map((name) => {
    const time = find(name)?.median;
    if (time === undefined) return '–';
    const rate = operations(shape) / time / 1e6;
    return [
      formatTime(time),
      Number.isNaN(rate) ? undefined : `${formatRate(rate)} GF/s`,
      shape.kind === 'fleet' ? `${formatTime(time / shape.B)} each` : undefined,
      ours === undefined || name === 'Tidegate' ? undefined : formatRatio(time / ours),
    ]
      .filter((part) => part !== undefined)
      .join(' · ');
  });
  return [shapeName(shape), `${threads}`, ...cells];
}

/** Why a contender has no number, each reason once with the cases that it is about. */
function reasonsOf(results) {
  const casesOf = new Map();
  for (const { shape, entries } of results)
    for (const { label, median, failed, unsupported } of entries) {
      if (median !== undefined) continue;
      const reason = failed === undefined ? `${label}: ${unsupported}` : `${label} FAILED: ${failed}`;
      casesOf.set(reason, [...(casesOf.get(reason) ?? []), shape.name]);
    }
  return [...casesOf].map(
    ([reason, cases]) => `${reason} (${cases.length > 4 ? `${cases.length} cases` : cases.join('; ')})`,
  );
}

function notes({ results, missing }) {
  const largest = Math.max(0, ...results.map(({ agreement }) => agreement.difference));
  const compared = results.filter(({ agreement }) => agreement.names.length > 0).length;
  const spreads = results.flatMap(({ entries }) => entries.flatMap(({ spread }) => spread ?? []));
  const percent = (value) => `${(value * 100).toFixed(0)} %`;
  const lines = [
    `Before timing, outputs, gradients or losses of several contenders were compared in ${compared} of ${results.length} cases; they agreed, and the largest relative difference was ${largest.toExponential(0)}.`,
    spreads.length > 0 &&
      `The medians of a contender's rounds lie within ${percent(median(spreads))} of each other in the middle case, ${percent(Math.max(...spreads))} in the worst.`,
    ...reasonsOf(results),
    ...missing.map((how) => `Skipped: ${how}`),
  ];
  return `## Notes\n\n${lines
    .filter(Boolean)
    .map((line) => `- ${line.replaceAll('\n', ' ')}`)
    .join('\n')}`;
}

function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
