import { type Command, InvalidArgumentError } from 'commander';
import { usageError } from '../errors.js';
import {
  CELL_NAMES,
  type LabJob,
  SEQUENCE_TASKS,
  SERIES_TASK_NAMES,
  type SeriesRun,
  type SeriesTaskName,
  summarise,
  summariseSeries,
  type TaskRun,
} from '../lab-entry.js';
import { readFileBytes } from '../platform/node.js';
import { checkOutputs, PICTURE_ENDINGS, writePicture } from './formats.js';
import { engineUsed, printJson } from './json.js';
import { drawSeriesRun, drawTaskRuns } from './lab-drawing.js';
import { runJobs } from './lab-runs.js';
import { shortNumber, showCells, showSeries } from './lab-table.js';
import { nameList, wholeNumber, wholeNumbers } from './options.js';
import { Session } from './session.js';
import { sparkline } from './sparkline.js';

interface TaskFlags {
  readonly cell?: string[];
  readonly compare?: boolean;
  readonly seed?: number[];
  readonly seeds?: number;
  readonly length?: number[];
  readonly plot?: string;
  readonly hidden?: number;
  readonly batch?: number;
  readonly rate?: number;
  readonly clip?: number;
  readonly updates?: number;
  readonly size?: number;
  readonly data?: string;
  readonly threads?: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** `tidegate lab task <name>` */
export function addTask(lab: Command): void {
  lab
    .command('task')
    .description('train a cell on a task that asks for memory, and see after how many sequences it is solved')
    .argument('<name>', 'which task, see below')
    .option('--cell <names>', 'which cells, such as lstm,gru (default: lstm)', nameList('lstm,gru'))
    .option('--compare', 'all cells, one beside the other')
    .option('--seed <numbers>', 'seeds: each a fresh network on fresh sequences (default: 1)', wholeNumbers)
    .option('--seeds <count>', 'or so many: 1, 2, … (default with --compare: 3)', wholeNumber)
    .option('--length <steps>', 'T, or several such as 25,50,100 (default: as published, see below)', wholeNumbers)
    .option('--hidden <units>', 'hidden units (default: 32, of esn 200)', wholeNumber)
    .option('--batch <sequences>', 'sequences in a batch (default: 64)', wholeNumber)
    .option('--rate <number>', 'learning rate of Adam (default: 0.005, of rnn and irnn 0.001)', positive)
    .option('--clip <norm>', 'longest gradient (default: 1)', positive)
    .option('--updates <count>', 'most updates (default: 1500)', wholeNumber)
    .option('--size <units>', 'reservoir of the series (default: 400, narma10 200, santa-fe-laser 500)', wholeNumber)
    .option('--data <file>', 'of santa-fe-laser: its intensities, the last number of each line')
    .option(
      '--plot <file>',
      `draw learning curves, success by T where there are several, or the attractor: ${PICTURE_ENDINGS}`,
    )
    .option('--threads <count>', 'worker threads (default: all processors); never changes the result', wholeNumber)
    .option('--json', 'print one JSON object with every run, its learning curve and the summary')
    .option('-q, --quiet', 'no progress and no remarks')
    .addHelpText('after', helpText)
    .action(runTask);
}

const helpText = () => `
Tasks, and T where none is given:
${listed(Object.values(SEQUENCE_TASKS).map(({ name, length, summary }) => [name, length === null ? summary : `${summary} (${length})`]))}
Series, for echo state networks:
${listed([
  ['mackey-glass', 'a chaotic series, 84 steps ahead in free run'],
  ['narma10', 'a sum of products over ten steps, one step ahead'],
  [
    'santa-fe-laser',
    'real chaos: the laser of the competition of 1991; its data are not part of the package, see --data',
  ],
])}
Cells: ${CELL_NAMES.join(', ')}.

Why gates matter, in a minute: two of 100 numbers are marked, and their sum is asked for. A plain network says 1 whatever it
reads (an error of 1/6); one with gates finds the marks:

  tidegate lab task adding --cell rnn,lstm,gru --seeds 3

And the famous mistake: back-propagation without the path through the cell state is not even able to learn the order of two symbols:

  tidegate lab task temporal-order --cell lstm,lstm-short`;

const listed = (rows: readonly (readonly string[])[]) =>
  rows.map(([name, text]) => `  ${name.padEnd(19)}${text}`).join('\n');

async function runTask(name: string, flags: TaskFlags): Promise<void> {
  const session = new Session(Boolean(flags.quiet || flags.json));
  await checkOutputs(flags.plot === undefined ? {} : { plot: flags.plot });
  const isSeries = (SERIES_TASK_NAMES as readonly string[]).includes(name);
  const jobs = isSeries ? await seriesJobs(name as SeriesTaskName, flags) : taskJobs(name, flags);
  const nameOf = (job: LabJob) => (job.kind === 'task' ? `${job.cell}, seed ${job.seed}` : `seed ${job.seed}`);
  const { runs, seconds } = await runJobs(name, jobs, nameOf, session, flags.threads);
  if (flags.plot !== undefined) {
    const svg = isSeries ? drawSeriesRun(runs[0] as SeriesRun) : drawTaskRuns(runs as TaskRun[]);
    await writePicture(flags.plot, svg, name);
    session.remark(`Wrote ${flags.plot}`);
  }
  const summary = isSeries ? summariseSeries(runs as SeriesRun[]) : summarise(runs as TaskRun[]);
  if (flags.json)
    return printJson('lab task', { engine: engineUsed(flags.threads), seconds, task: name, summary, runs });
  if (isSeries) process.stdout.write(`${showSeries(summary as ReturnType<typeof summariseSeries>)}\n`);
  else showTask(name, runs as TaskRun[], session);
}

function showTask(name: string, runs: readonly TaskRun[], session: Session): void {
  const { summary, source, published } = SEQUENCE_TASKS[name];
  const [{ measure, goal, memoryless }] = runs;
  session.remark(`${name}: ${summary}`);
  session.remark(
    `Solved: ${measure} ${measure === 'share right' ? 'at least' : 'at most'} ${shortNumber(goal)}. Without memory: ${shortNumber(memoryless)}.`,
  );
  for (const { cell, seed, curve } of runs.length > 6 ? [] : runs)
    session.remark(
      `${cell.padEnd(12)} seed ${seed}  ${sparkline(
        curve.map(({ score }) => score),
        50,
      )}`,
    );
  process.stdout.write(`${showCells(summarise(runs))}\n`);
  session.remark(`Published: ${published} (${source}).`);
}

function taskJobs(task: string, flags: TaskFlags): LabJob[] {
  if (!Object.hasOwn(SEQUENCE_TASKS, task)) {
    const known = [...Object.keys(SEQUENCE_TASKS), ...SERIES_TASK_NAMES].join(', ');
    throw usageError('unknown_task', `there is no task "${task}"; use one of ${known}.`);
  }
  for (const option of ['data', 'size'] as const)
    if (flags[option] !== undefined)
      throw usageError('unused_option', `--${option} is for series; ${task} has no use for it. Leave it out.`);
  const {
    hidden: hiddenSize,
    rate: learningRate,
    clip: clipNorm,
    length: lengths = [undefined],
    batch,
    updates,
  } = flags;
  const cells = flags.cell ?? (flags.compare ? CELL_NAMES : ['lstm']);
  return cells.flatMap((cell) =>
    lengths.flatMap((length) =>
      seedsOf(flags).map((seed): LabJob => {
        return { kind: 'task', task, cell, seed, length, hiddenSize, batch, learningRate, clipNorm, updates };
      }),
    ),
  );
}

async function seriesJobs(task: SeriesTaskName, flags: TaskFlags): Promise<LabJob[]> {
  for (const option of ['cell', 'length', 'hidden', 'batch', 'rate', 'clip', 'updates'] as const)
    if (flags[option] !== undefined)
      throw usageError(
        'unused_option',
        `--${option} is for cells that are trained; ${task} is for echo state networks. Use --size and --seed.`,
      );
  const isLaser = task === 'santa-fe-laser';
  if (isLaser && flags.data === undefined)
    throw usageError(
      'data_needed',
      'santa-fe-laser needs its data set A, which is not part of the package: name the file with --data.',
    );
  const intensities = isLaser ? await readIntensities(flags.data as string) : undefined;
  const reservoirSize = flags.size ?? { 'mackey-glass': 400, narma10: 200, 'santa-fe-laser': 500 }[task];
  if (reservoirSize < 1) throw usageError('bad_option', `--size is ${reservoirSize}; it must be a whole number ≥ 1.`);
  const whats = isLaser ? (['one step', 'free run'] as const) : [undefined];
  return whats.flatMap((what) =>
    seedsOf(flags).map((seed): LabJob => {
      return { kind: 'series', task, reservoirSize, seed, ...(intensities && { intensities }), ...(what && { what }) };
    }),
  );
}

/** The last number of each line; a first line without one is a heading. */
async function readIntensities(path: string): Promise<Float64Array> {
  const lines = new TextDecoder()
    .decode(await readFileBytes(path))
    .trim()
    .split(/\r?\n/);
  const values = lines.map((line) =>
    Number.parseFloat(
      line
        .trim()
        .split(/[,;\s]+/)
        .at(-1) ?? '',
    ),
  );
  return Float64Array.from(Number.isNaN(values[0]) ? values.slice(1) : values);
}

function seedsOf({ seed, seeds, compare }: TaskFlags): number[] {
  if (seed !== undefined) return seed;
  const count = seeds ?? (compare ? 3 : 1);
  if (count < 1) throw usageError('bad_option', `--seeds is ${count}; it must be a whole number ≥ 1.`);
  return Array.from({ length: count }, (_, k) => k + 1);
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < Number.POSITIVE_INFINITY))
    throw new InvalidArgumentError('It needs a number above 0, such as 0.005.');
  return value;
}
