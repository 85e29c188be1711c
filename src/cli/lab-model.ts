/** A saved model and the data that its networks are looked at on: for the commands of the lab. */
import { inputError, usageError } from '../errors.js';
import { Forecaster, type NetworkReadings } from '../index.js';
import { covariatesOf, readData } from './data.js';
import type { DataFlags } from './options.js';
import type { Session } from './session.js';

/** Series that are looked at, at the most, and steps of each at the least: enough for quartiles, and to see far back. */
const MOST_SERIES = 8;
const FEWEST_STEPS = 512;

export interface ModelFlags extends DataFlags {
  readonly model?: string;
}

/** What the lab works on. */
export interface OpenedModel {
  readonly forecaster: Forecaster;
  /** One entry for each way of seeing the series. */
  readonly readings: readonly NetworkReadings[];
  /** Steps that are worth remembering, and what to call them. */
  readonly distance: { readonly steps: number; readonly name: 'season' | 'horizon' };
  readonly source: string;
}

/**
 * Opens a model file, and the data if some are given; else it is looked at on those that it was fitted on.
 * @throws TidegateError `no_network` for a model without recurrent networks; as `predict` for data that do not fit
 */
export async function openModel(
  file: string,
  data: string | undefined,
  flags: DataFlags,
  session: Session,
): Promise<OpenedModel> {
  const forecaster = await Forecaster.load(file);
  const { season, settings } = forecaster.state;
  const given = data !== undefined || flags.sql !== undefined;
  const history = given
    ? await session.unlessInterrupted(
        readData(data, { ...covariatesOf(forecaster, flags), ...flags }, settings.horizon),
      )
    : undefined;
  const longest = Math.max(season.length, ...season.longer);
  const steps = Math.max(FEWEST_STEPS, 3 * longest);
  const readings = forecaster.networks({ history, most: MOST_SERIES, steps });
  if (readings.length === 0)
    throw usageError(
      'no_network',
      `${file} holds the model "${settings.model}", which has no recurrent network; this command needs one. Fit with --model lstm, gru, rnn, leaky or esn.`,
    );
  if (readings[0].sequences.length === 0)
    throw inputError(
      'series_too_short',
      `${history?.source ?? 'the fitted data'}: no series is long enough for the networks. Give more history.`,
    );
  const distance =
    longest > 1 ? { steps: longest, name: 'season' as const } : { steps: settings.horizon, name: 'horizon' as const };
  return { forecaster, readings, distance, source: history?.source ?? 'the fitted data' };
}

/** How a view of the series is named. */
export function viewName({ adjusted, scaled }: Pick<NetworkReadings, 'adjusted' | 'scaled'>): string {
  return `${adjusted ? 'no season' : 'the series'}${scaled ? ', in its own spread' : ''}`;
}
