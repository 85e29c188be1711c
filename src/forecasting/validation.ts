import { FEWEST_VALUES } from './recurrent/plan.js';

/** Origins at the most: each is a full horizon of errors. */
const MOST_ORIGINS = 3;
/** Share of a history that validation may take away from training. */
const HELD_OUT = 0.3;

/**
 * Rolling origins inside a history: the lengths at which a forecast is made and compared with the `horizon` values
 * that came next, ascending and a horizon apart. Everything a model learns for validation lies before the
 * first of them. Empty when the history is too short to spare a horizon.
 * Source: Tashman 2000, fixed-origin training with rolling forecasts.
 */
export function validationOrigins(length: number, horizon: number): number[] {
  const last = length - horizon;
  if (last < Math.max(2 * FEWEST_VALUES, Math.ceil(horizon / 2))) return [];
  const spare = Math.floor((HELD_OUT * length - horizon) / horizon);
  const count = 1 + Math.max(0, Math.min(MOST_ORIGINS - 1, spare));
  return Array.from({ length: count }, (_, i) => last - (count - 1 - i) * horizon);
}
