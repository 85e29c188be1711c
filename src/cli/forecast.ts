import type { Command } from 'commander';
import { Forecaster, type SeriesFrame } from '../index.js';
import { readData } from './data.js';
import { checkOutputs } from './formats.js';
import {
  addDataFlags,
  addFitFlags,
  addOutputFlags,
  type DataFlags,
  type FitFlags,
  MODELS_HELP,
  type OutputFlags,
} from './options.js';
import { deliver } from './result.js';
import { Session } from './session.js';

type Flags = DataFlags & FitFlags & OutputFlags;

/** `tidegate forecast <data> --horizon <n>`: the main job. */
export function addForecast(program: Command): void {
  const command = program
    .command('forecast [data]')
    .description('fit and forecast in one go: a CSV, JSON or Parquet file, a quoted pattern, or - for standard input');
  addOutputFlags(addDataFlags(addFitFlags(command)))
    .addHelpText(
      'after',
      `${MODELS_HELP}

Examples:
  tidegate forecast sales.csv --horizon 12
  tidegate forecast sales.csv --horizon 28 --out forecast.csv --plot forecast.svg
  cat sales.csv | tidegate forecast - --horizon 12 --target revenue --json
  tidegate forecast 'sales/*.parquet' --horizon 28 --past visitors --future price --static region
  tidegate forecast sales.csv --horizon 28 --future price --future-file next-prices.csv --holidays DE
  tidegate forecast --sql "select shop, day, units from 'sales.parquet'" --horizon 28

The file has one row per series and time: a time column, a number to forecast and, for several series, an id. What is known
ahead (--future) stands in the rows after the last value, their target empty, or in a file of its own (--future-file).
On a terminal the forecast is printed as a table, in a pipe as CSV.`,
    )
    .action(forecast);
}

async function forecast(data: string | undefined, flags: Flags): Promise<void> {
  const session = new Session(flags.quiet ?? false);
  const forecaster = new Forecaster(flags);
  await checkOutputs(flags);
  const began = performance.now();
  const frame = await session.unlessInterrupted(readData(data, flags, flags.horizon));
  forecaster.checkAhead(frame);
  const report = await fitWithProgress(forecaster, frame, session);
  const rows = await forecaster.predict({ signal: session.signal });
  const seconds = (performance.now() - began) / 1000;
  await deliver({ command: 'forecast', report, forecast: rows, seconds, threads: flags.threads }, flags, session);
}

/** The fit of a forecaster under a progress bar. */
export function fitWithProgress(forecaster: Forecaster, frame: SeriesFrame, session: Session) {
  return session.withProgress(forecaster.settings.model, (report) =>
    forecaster.fit(frame, {
      signal: session.signal,
      onProgress: ({ fraction, loss, phase }) =>
        report(fraction, loss, phase === 'validate' ? 'validating' : 'training'),
    }),
  );
}
