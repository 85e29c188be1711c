import type { FitReport, ForecastFrame } from '../index.js';
import { drawForecast } from '../plots/forecast-drawing.js';
import { writeOutputs } from './formats.js';
import { engineUsed, printJson } from './json.js';
import type { OutputFlags } from './options.js';
import type { Session } from './session.js';
import { describeData, showForecast } from './show.js';

/** What a command has to tell. */
export interface Outcome {
  readonly command: string;
  readonly report: FitReport;
  /** None after `fit`. */
  readonly forecast?: ForecastFrame;
  readonly seconds: number;
  readonly threads?: number | undefined;
}

/**
 * Writes the files that were asked for, then prints: one JSON object with --json; else the verdict to standard error and the
 * forecast to standard output, as a table on a terminal and as CSV in a pipe (unless a file took it).
 */
export async function deliver(outcome: Outcome, flags: OutputFlags, session: Session): Promise<void> {
  const { report, forecast } = outcome;
  if (forecast) {
    session.stopIfInterrupted();
    await writeOutputs(flags, forecast, () => drawForecast(forecast, report), 'Forecast');
  }
  if (flags.json) {
    printJson(outcome.command, fieldsOf(outcome, flags));
    return;
  }
  session.remark(describeData(report));
  if (forecast && process.stdout.isTTY) process.stdout.write(`${showForecast(forecast)}\n`);
  else if (forecast && flags.out === undefined && flags.plot === undefined) process.stdout.write(forecast.toCSV());
  const { fallback } = report.training;
  if (fallback.length > 0)
    session.remark(`${fallback.length} series too short for the network, forecast by the last value instead.`);
  session.remark(report.verdict);
  for (const path of [flags.out, flags.plot]) if (path !== undefined) session.remark(`Wrote ${path}`);
}

/** Of --json. Scores that are not defined for the data are null. */
function fieldsOf({ report, forecast, seconds, threads }: Outcome, flags: OutputFlags) {
  const { data, model, training, validation, verdict } = report;
  return {
    engine: engineUsed(threads),
    data,
    model,
    training: { ...training, seconds: Math.round(seconds * 1000) / 1000 },
    validation,
    verdict,
    forecast: { rows: forecast ? forecast.toRows() : [], file: flags.out ?? null },
  };
}
