/** How much of an error is left after so many steps back. */
import type { Bptt, NetworkRun } from './network-run.js';
import { log10Norm, walkBack } from './walk-back.js';

/** log10 of norms, by lag from 0 on; −∞ is an exact zero. */
export interface GradientByLag {
  /** log10‖∂L/∂h_{T−lag}‖ of the last layer. */
  readonly h: Float64Array;
  /** log10‖∂L/∂C_{T−lag}‖ of it: δ_C of docs/math.md, section 3, with what reaches C_t through h_t. Null where there is no C. */
  readonly c: Float64Array | null;
}

/**
 * The gradient of L = u·h_T by the states of earlier steps, h_T being the last layer's last output.
 *   ∂L/∂s_{t−1} = J_tᵀ·∂L/∂s_t, J_t = ∂s_t/∂s_{t−1}
 * @param u [H]
 * @param lags steps back from T, fewer than T
 * @param end T, by default the last step of the run
 */
export function gradientByLag(
  run: NetworkRun,
  u: Float64Array,
  lags: number,
  bptt: Bptt = 'complete',
  end = run.steps,
): GradientByLag {
  const top = run.layers.length - 1;
  const layer = run.layers[top];
  const start = new Float64Array(run.stateSize);
  start.set(u, run.offsets[top]);
  const h = new Float64Array(lags + 1);
  const c = layer.cellError ? new Float64Array(lags + 1) : null;
  const error = new Float64Array(layer.hiddenSize);
  walkBack(run, start, lags, { bptt, end }, (lag, t, d, decades) => {
    const own = run.part(d, top);
    h[lag] = decades + log10Norm(own.subarray(0, layer.hiddenSize));
    if (!c) return;
    layer.cellError?.(t, own, error);
    c[lag] = decades + log10Norm(error);
  });
  return { h, c };
}
