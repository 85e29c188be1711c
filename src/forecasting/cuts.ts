import type { TimeAxis } from '../series/frame.js';
import { type EffectUnit, type ExplainedModel, takeExplained } from './explained.js';
import type { History } from './history.js';
import { type InputRecipe, inputsOf } from './inputs.js';
import type { Cut } from './recurrent/ensemble.js';

/** What turns a history into what the models are handed. */
export interface Preparation {
  readonly axis: TimeAxis;
  readonly inputs: InputRecipe;
  readonly explained: ExplainedModel | null;
  /** Of each fitted series: the unit of its effects as of the fit; that of the values at hand where left out. */
  readonly units?: readonly (EffectUnit | null)[] | undefined;
  /** Name of the data, for messages. */
  readonly source: string;
}

/** A cut, and how to take off a value of step k ahead what covariates explain of it. */
export interface PreparedCut extends Cut {
  readonly original: Float64Array;
  readonly remove: (value: number, step: number) => number;
}

/**
 * What the models are handed of a history to forecast `ahead` steps from its first `length` values. Of later values nothing is
 * in it but future covariates.
 * @param series its number among the fitted series; null for one that was not there
 * @throws input error `covariate_missing`
 */
export function cutAt(
  history: History,
  length: number,
  ahead: number,
  { axis, inputs, explained, units, source }: Preparation,
  series: number | null,
): PreparedCut {
  const original = history.y.slice(0, length);
  const extra = inputsOf(inputs, history, length, axis);
  if (!explained) return { y: original, original, extra, remove: (value) => value };
  const unit = series === null ? null : units?.[series];
  const { y, remove, restore } = takeExplained(explained, history, length, ahead, axis, series, source, unit);
  return { y, original, extra, remove, restore };
}
