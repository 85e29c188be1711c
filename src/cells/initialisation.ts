/** How the parameters of a cell start. */
import type { Random } from '../random.js';

/**
 * Uniform in [−1/√H, 1/√H), H the number of hidden units: what PyTorch fills every weight and bias of a recurrent
 * layer with. Overwrites `values`.
 */
export function fillUniform(values: Float64Array, hiddenSize: number, random: Random): void {
  const bound = 1 / Math.sqrt(hiddenSize);
  for (let k = 0; k < values.length; k++) values[k] = random.uniform(-bound, bound);
}

/**
 * b_f += value, on an LSTM's bias [4H] in gate order i f g o: a forget gate that starts open lets the error reach
 * far back from the first step on (Gers et al. 2000; Jozefowicz et al. 2015 recommend 1).
 */
export function addForgetBias(b: Float64Array, value: number, hiddenSize: number): void {
  for (let j = hiddenSize; j < 2 * hiddenSize; j++) b[j] += value;
}
