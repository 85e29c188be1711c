import type { SeriesFrame } from '../series/frame.js';

/** Names of the columns that a forecaster was fitted on; new data need those of the covariates. */
export type Columns = SeriesFrame['names'] & SeriesFrame['covariates'];

export function columnsOf({ names, covariates }: SeriesFrame): Columns {
  const { id, time, target } = names;
  const { past, future, static: fixed } = covariates;
  return { id, time, target, past, future, static: fixed };
}
