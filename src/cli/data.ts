import { usageError } from '../errors.js';
import { type Forecaster, readSeries, type SeriesFrame, withHolidays } from '../index.js';
import type { DataFlags } from './options.js';

/**
 * Reads what a command was given: a file, a pattern, standard input, or the result of --sql; with --holidays their covariate too.
 * @param horizon steps ahead that holidays must be known
 */
export async function readData(data: string | undefined, flags: DataFlags, horizon: number): Promise<SeriesFrame> {
  const { sql, holidays, ...options } = flags;
  if (sql !== undefined && data !== undefined)
    throw usageError('two_sources', `both ${data} and --sql were given; needed one of them. Leave one out.`);
  const source = sql === undefined ? data : { sql };
  if (source === undefined)
    throw usageError(
      'no_data',
      'no data were given; needed a file, a pattern, - for standard input, or --sql. Name one.',
    );
  const frame = await readSeries(source, options);
  return holidays === undefined ? frame : withHolidays(frame, { country: holidays, horizon });
}

/** The frequency and the columns that a model was fitted on: new rows of its series are most likely alike. */
export function columnsOf({ state: { columns, axis } }: Forecaster): DataFlags {
  const { id, time, target } = columns;
  return { target, ...(id !== null && { id }), ...(time !== null && { time }), freq: axis.freq.alias };
}

/** The covariates that a model was fitted with, and needs. */
export function covariatesOf({ state: { columns } }: Forecaster, { holidays }: DataFlags): DataFlags {
  const { past, static: fixed } = columns;
  // Those that --holidays adds are in no file.
  const future = columns.future.filter((name) => name !== 'holiday' || holidays === undefined);
  return {
    ...(past.length > 0 && { past: [...past] }),
    ...(future.length > 0 && { future: [...future] }),
    ...(fixed.length > 0 && { static: [...fixed] }),
  };
}
