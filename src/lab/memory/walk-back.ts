/** The error of a loss on its way back through time, kept within the range of numbers. */
import type { Bptt, NetworkRun } from './network-run.js';

/** Norms are kept as log10: over 1000 steps they leave the range of float64 in either direction. */
const DECADES_BEFORE_SCALING = 60;

/** How to walk. */
export interface Walk {
  readonly bptt: Bptt;
  /** T, the last step by default. */
  readonly end?: number | undefined;
}

/**
 * Walks from step T back to step T − lags. At each lag `visit` gets d = ∂L/∂s_{T−lag} as `d`·10^`decades`.
 * @param start ∂L/∂s_T [S]
 */
export function walkBack(
  run: NetworkRun,
  start: Float64Array,
  lags: number,
  { bptt, end = run.steps }: Walk,
  visit: (lag: number, t: number, d: Float64Array, decades: number) => void,
): void {
  const d = start.slice();
  let decades = 0;
  for (let lag = 0; lag <= lags; lag++) {
    const t = end - lag;
    visit(lag, t, d, decades);
    if (lag === lags) return;
    run.pullBack(t, d, bptt === 'complete');
    decades += rescale(d);
  }
}

/** Scales by a power of ten when that is due; says by which. */
function rescale(d: Float64Array): number {
  const size = log10Norm(d);
  if (!(Math.abs(size) > DECADES_BEFORE_SCALING) || size === Number.NEGATIVE_INFINITY) return 0;
  const decades = Math.round(size);
  for (let k = 0; k < d.length; k++) d[k] *= 10 ** -decades;
  return decades;
}

/** log10‖d‖₂; −∞ for zero. */
export function log10Norm(d: ArrayLike<number>): number {
  let squares = 0;
  for (let k = 0; k < d.length; k++) squares += d[k] * d[k];
  return 0.5 * Math.log10(squares);
}
