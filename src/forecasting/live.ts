/** Where a fitted forecaster stands after the last value of each series: what an update moves on. */
import { suitsNetwork } from './components.js';
import { cutAt, type Preparation } from './cuts.js';
import { type EffectUnit, unitOf } from './explained.js';
import type { History } from './history.js';
import { type Moments, pastMoments } from './inputs.js';
import type { Ensemble } from './recurrent/ensemble.js';
import { type Standing, standAt } from './recurrent/standing.js';
import type { TaskRunner } from './tasks.js';

/** One series; plain data. Its units are those of the values it was first read with: new values are measured in them. */
export interface LiveSeries {
  /** Unit of what future covariates explain; null where nothing is explained. */
  readonly unit: EffectUnit | null;
  /** Units of the past covariates. */
  readonly past: readonly Moments[];
  /** Where the networks of each view stand. */
  readonly views: readonly Standing[];
}

/** Of each series, in the order of the histories; null for one that is too short for the networks. */
export type Live = readonly (LiveSeries | null)[];

/** The first values of a history, and which series it is. */
export interface Stretch {
  readonly history: History;
  readonly length: number;
  readonly series: number;
}

/** Lets all networks read some histories from a zero state, and says where they stand then. */
export async function liveAfter(
  ensemble: Ensemble,
  stretches: readonly Stretch[],
  preparation: Omit<Preparation, 'units'>,
  running: { readonly runner: TaskRunner; readonly signal?: AbortSignal | undefined },
): Promise<(LiveSeries | null)[]> {
  const cuts = stretches.map(({ history, length, series }) => cutAt(history, length, 0, preparation, series));
  const suited = cuts.filter(({ y }) => suitsNetwork(y));
  const standings = await standAt(ensemble, suited, running);
  let next = 0;
  return cuts.map(({ y, original }, i) => {
    if (!suitsNetwork(y)) return null;
    const { history, length } = stretches[i];
    return {
      unit: preparation.explained ? unitOf(original) : null,
      past: pastMoments(preparation.inputs, history, length),
      views: standings[next++],
    };
  });
}
