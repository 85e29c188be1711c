import type { Command } from 'commander';
import { type BacktestFrame, backtest, Forecaster, type ModelName } from '../index.js';
import { drawBacktest } from '../plots/backtest-drawing.js';
import { showBacktest } from './backtest-output.js';
import { wantsColor } from './color.js';
import { readData } from './data.js';
import { checkOutputs, writeOutputs } from './formats.js';
import { engineUsed, printJson } from './json.js';
import {
  addDataFlags,
  addFitFlags,
  addOutputFlags,
  type DataFlags,
  type FitFlags,
  MODELS_HELP,
  nameList,
  type OutputFlags,
  wholeNumber,
} from './options.js';
import { Session } from './session.js';

interface Flags extends DataFlags, FitFlags, OutputFlags {
  readonly models?: ModelName[];
  readonly windows?: number;
  readonly step?: number;
  /** False with --no-refit. */
  readonly refit: boolean;
}

/** `tidegate backtest <data> --horizon <n>`: what forecasts of this kind would have been worth in the past. */
export function addBacktest(program: Command): void {
  const command = program
    .command('backtest [data]')
    .description('forecast from rolling origins inside the history, and score the models on what came')
    .option('--windows <count>', 'rolling origins (default: 3)', wholeNumber)
    .option('--step <steps>', 'from one origin to the next (default: the horizon)', wholeNumber)
    .option(
      '--models <names>',
      'models to compare, such as auto,lstm,theta (default: auto,seasonal-naive)',
      nameList('auto,theta'),
    )
    .option('--no-refit', 'fit at the first origin only, then forecast from each');
  addFitFlags(command);
  // --model names one of --models, for those who are used to it from the other commands.
  command.options.find(({ long }) => long === '--model')?.hideHelp();
  addOutputFlags(addDataFlags(command))
    .addHelpText(
      'after',
      `${MODELS_HELP}

Examples:
  tidegate backtest sales.csv --horizon 12
  tidegate backtest sales.csv --horizon 12 --windows 5 --models auto,lstm,theta,seasonal-naive --plot backtest.svg

A model sees nothing after its cutoff. On a terminal a table of scores is printed, in a pipe the forecasts as CSV:
unique_id, ds, cutoff, y and each model's columns, as Nixtla's cross-validation has them.`,
    )
    .action(runBacktest);
}

async function runBacktest(data: string | undefined, flags: Flags): Promise<void> {
  const session = new Session(flags.quiet ?? false);
  const { model, models = model === undefined ? undefined : [model], ...options } = flags;
  await checkOutputs(flags);
  // Refuses names and numbers before a long file is read.
  for (const name of models ?? []) new Forecaster({ ...options, model: name });
  const began = performance.now();
  const frame = await session.unlessInterrupted(readData(data, flags, flags.horizon));
  const result = await session.withProgress('back-test', (report) =>
    backtest(frame, {
      ...options,
      ...(models && { models }),
      signal: session.signal,
      onProgress: ({ model: name, window, fraction, loss, phase }) =>
        report(fraction, loss, `${name}, window ${window + 1}, ${PHASES[phase]}`),
    }),
  );
  session.stopIfInterrupted();
  await writeOutputs(flags, result, () => drawBacktest(result), 'Back-test');
  const seconds = (performance.now() - began) / 1000;
  if (flags.json) printJson('backtest', fieldsOf(result, flags, seconds));
  else print(result, flags, session);
}

const PHASES = { validate: 'validating', train: 'training', forecast: 'forecasting' } as const;

/** The scores for people to standard output on a terminal, else to standard error beside the rows for programs. */
function print(result: BacktestFrame, flags: OutputFlags, session: Session): void {
  const scores = showBacktest(result, process.stdout.isTTY === true && wantsColor(process.stdout));
  if (process.stdout.isTTY) process.stdout.write(`${scores}\n`);
  else {
    for (const line of scores.split('\n')) session.remark(line);
    if (flags.out === undefined && flags.plot === undefined) process.stdout.write(result.toCSV());
  }
  const { size } = result.leftOut;
  if (size > 0) session.remark(`${size} series ${size === 1 ? 'is' : 'are'} too short for some or all of the windows.`);
  session.remark(result.verdict);
  for (const path of [flags.out, flags.plot]) if (path !== undefined) session.remark(`Wrote ${path}`);
}

/** Of --json; model and training are those of the first model's last fit. */
function fieldsOf(result: BacktestFrame, flags: Flags, seconds: number) {
  const [{ model, training }] = result.reports.values();
  return {
    engine: engineUsed(flags.threads),
    data: result.data,
    models: result.models,
    model,
    training: { ...training, seconds: Math.round(seconds * 1000) / 1000 },
    validation: {
      windows: result.windows,
      step: result.step,
      season: result.season,
      leftOut: Object.fromEntries(result.leftOut),
      scores: Object.fromEntries(result.table.map(({ model: name, ...scores }) => [name, scores])),
      test: result.test,
    },
    verdict: result.verdict,
    forecast: { rows: result.toRows(), file: flags.out ?? null },
  };
}
