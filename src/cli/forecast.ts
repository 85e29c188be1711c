import type { Command } from 'commander';
import { Forecaster, readSeries } from '../index.js';
import {
  addDataFlags,
  addFitFlags,
  addOutputFlags,
  type DataFlags,
  type FitFlags,
  type OutputFlags,
} from './options.js';
import { checkOutputs } from './output.js';
import { deliver } from './result.js';
import { Session } from './session.js';

type Flags = DataFlags & FitFlags & OutputFlags;

/** `tidegate forecast <data> --horizon <n>`: the main job. */
export function addForecast(program: Command): void {
  const command = program
    .command('forecast <data>')
    .description('fit and forecast in one go: a CSV or JSON file, or - for standard input');
  addOutputFlags(addDataFlags(addFitFlags(command)))
    .addHelpText(
      'after',
      `
Examples:
  tidegate forecast sales.csv --horizon 12
  tidegate forecast sales.csv --horizon 28 --out forecast.csv --plot forecast.svg
  cat sales.csv | tidegate forecast - --horizon 12 --target revenue --json

The file has one row per series and time: a time column, a number to forecast and, for several series, an id.
On a terminal the forecast is printed as a table, in a pipe as CSV.`,
    )
    .action(forecast);
}

async function forecast(data: string, flags: Flags): Promise<void> {
  const session = new Session(flags.quiet ?? false);
  const forecaster = new Forecaster(flags);
  await checkOutputs(flags);
  const began = performance.now();
  const frame = await session.unlessInterrupted(readSeries(data, flags));
  const report = await fitWithProgress(forecaster, frame, session);
  const rows = await forecaster.predict({ signal: session.signal });
  const seconds = (performance.now() - began) / 1000;
  await deliver({ command: 'forecast', report, forecast: rows, seconds, threads: flags.threads }, flags, session);
}

/** The fit of a forecaster under a progress bar. */
export function fitWithProgress(
  forecaster: Forecaster,
  frame: Awaited<ReturnType<typeof readSeries>>,
  session: Session,
) {
  return session.withProgress(forecaster.settings.model, (report) =>
    forecaster.fit(frame, {
      signal: session.signal,
      onProgress: ({ fraction, loss, phase }) =>
        report(fraction, loss, phase === 'validate' ? 'validating' : 'training'),
    }),
  );
}
