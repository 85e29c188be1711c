/**
 * A recurrent layer that has read one sequence, ready to be differentiated step by step: the error pulled back, a
 * disturbance pushed forward. In float64, by the textbook cells.
 */
import { gruRun } from './gru-run.js';
import type { LayerWeights } from './layer-weights.js';
import { leakyRun } from './leaky-run.js';
import { lstmRun } from './lstm-run.js';

/** Steps t count from 1 to T; the state s_t is h_t, or [h_t; C_t] for an LSTM. J_t = ∂s_t/∂s_{t−1}, K_t = ∂s_t/∂x_t. */
export interface LayerRun {
  readonly inputSize: number;
  readonly hiddenSize: number;
  /** S: H, or 2H for an LSTM. */
  readonly stateSize: number;
  readonly steps: number;
  /** [T+1][H]; row 0 is the initial state, zero. */
  readonly h: Float64Array;
  /** C of an LSTM, [T+1][H]; null where there is none. */
  readonly c: Float64Array | null;
  /** Gates by name, [T][H] each: i f g o of an LSTM (g is the candidate), r z n of a GRU, none of the others. */
  readonly gates: Readonly<Record<string, Float64Array>>;
  /** Share of the unit's own state that step t keeps, [T][H]: f, z or 1 − λ; null for a plain RNN, whose units keep nothing. */
  readonly kept: Float64Array | null;
  /**
   * In place d ← J_tᵀ·d [S], and dx ← K_tᵀ·d [D].
   * @param carry `false` leaves out the path C_{t−1} → C_t, and what d says about C_t: the mistake of the short form
   */
  pullBack(t: number, d: Float64Array, dx: Float64Array, carry: boolean): void;
  /** In place v ← J_t·v + K_t·vx [S]; vx [D], null for zero. */
  pushForward(t: number, v: Float64Array, vx: Float64Array | null): void;
  /**
   * ‖δ_C,t‖: the whole error at C_t, d_C + d_h ⊙ o_t ⊙ (1 − tanh²C_t), written into `out` [H]. Null where there is no C.
   */
  readonly cellError: ((t: number, d: Float64Array, out: Float64Array) => void) | null;
}

/** Lets a layer read x [T][D] from a zero state. */
export function runLayer(weights: LayerWeights, x: Float64Array): LayerRun {
  if (weights.cell === 'lstm') return lstmRun(weights, x);
  return weights.cell === 'gru' ? gruRun(weights, x) : leakyRun(weights, x);
}
