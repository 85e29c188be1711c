import { RidgeReadout } from '../../nn/ridge-readout.js';

/** Inputs and what goes with them, step by step. */
export interface Driven {
  readonly u: Float64Array;
  readonly y: Float64Array;
}

/**
 * The least-squares filter y_t ≈ w_0 + Σ_{i<taps} w_{i+1}·u_{t−i} (FIR with a constant), learned from `train` and run over u; both
 * from step `washout` on, which is at least taps − 1. What a memory without any state can do.
 */
export function linearFilter(train: Driven, u: Float64Array, washout: number, taps: number): Float64Array {
  const features = new Float64Array(taps + 1).fill(1);
  const look = (inputs: Float64Array, t: number) => {
    for (let tap = 0; tap < taps; tap++) features[tap + 1] = inputs[t - tap];
  };
  const readout = new RidgeReadout({ M: taps + 1, O: 1 }, 0);
  readout.begin();
  for (let t = washout; t < train.u.length; t++) {
    look(train.u, t);
    readout.learn(features, train.y, t, 1);
  }
  readout.finish(1);
  const answer = new Float64Array(1);
  return new Float64Array(u.length - washout).map((_, k) => {
    look(u, washout + k);
    readout.predict(answer, features);
    return answer[0];
  });
}
