/**
 * How the parameters of a cell start. `fill…` overwrites, `add…` adds to what is there. The matrix of a cell with gates
 * is a stack of one matrix per gate; pass each gate's rows (a `subarray`) by itself where the shape of a matrix counts.
 */
import { exp, log } from '../math/index.js';
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
 * Glorot (Xavier) uniform for W [outputs,inputs]: within ±√(6 / (inputs + outputs)), variance 2 / (inputs + outputs), so
 * that neither the signal nor the error grows or shrinks on average. Source: Glorot & Bengio 2010, eq. 16.
 */
export function fillGlorot(W: Float64Array, outputs: number, inputs: number, random: Random): void {
  const bound = Math.sqrt(6 / (inputs + outputs));
  for (let k = 0; k < outputs * inputs; k++) W[k] = random.uniform(-bound, bound);
}

/**
 * A random orthogonal matrix times `gain`, for W [rows,columns]: W·Wᵀ = gain²·I where rows ≤ columns, Wᵀ·W = gain²·I
 * otherwise. All its singular values are `gain`, so with gain 1 a linear recurrence keeps every norm. Drawn evenly from
 * all orthogonal matrices: Gram-Schmidt on normal vectors, twice for accuracy. Source: Saxe, McClelland & Ganguli 2014.
 */
export function fillOrthogonal(W: Float64Array, rows: number, columns: number, random: Random, gain = 1): void {
  // The shorter side gives the vectors: vector v is a row [between = columns, within = 1] or a column of W.
  const wide = rows <= columns;
  const [count, length] = wide ? [rows, columns] : [columns, rows];
  const [between, within] = wide ? [columns, 1] : [1, columns];
  for (let v = 0; v < count; v++) {
    for (let k = 0; k < length; k++) W[v * between + k * within] = random.normal();
    for (let round = 0; round < 2; round++) {
      for (let u = 0; u < v; u++) {
        let along = 0;
        for (let k = 0; k < length; k++) along += W[u * between + k * within] * W[v * between + k * within];
        for (let k = 0; k < length; k++) W[v * between + k * within] -= along * W[u * between + k * within];
      }
      let squares = 0;
      for (let k = 0; k < length; k++) squares += W[v * between + k * within] * W[v * between + k * within];
      const norm = Math.sqrt(squares);
      for (let k = 0; k < length; k++) W[v * between + k * within] /= norm;
    }
  }
  for (let k = 0; k < rows * columns; k++) W[k] *= gain;
}

/**
 * scale·I for Wh [H,H]: with ReLU and zero biases a unit copies itself from step to step until the input says otherwise
 * (the IRNN). Source: Le, Jaitly & Hinton 2015; a smaller scale (0.01 there) for tasks with a short memory.
 */
export function fillIdentity(Wh: Float64Array, hiddenSize: number, scale = 1): void {
  Wh.fill(0, 0, hiddenSize * hiddenSize);
  for (let j = 0; j < hiddenSize; j++) Wh[j * hiddenSize + j] = scale;
}

/**
 * b_f += value, on an LSTM's bias [4H] in gate order i f g o: a forget gate that starts open lets the error reach
 * far back from the first step on (Gers et al. 2000; Jozefowicz et al. 2015 recommend 1).
 */
export function addForgetBias(b: Float64Array, value: number, hiddenSize: number): void {
  for (let j = hiddenSize; j < 2 * hiddenSize; j++) b[j] += value;
}

/**
 * The chrono initialisation of an LSTM's bias [4H] in gate order i f g o, for dependencies of up to `longest` steps:
 *   b_f = log u, u ~ U(1, longest − 1) ;  b_i = −b_f
 * The forget gates of the units then start with time constants 1/(1 − f) = 1 + u spread over 2 … longest steps. Overwrites
 * the parts of i and f, leaves g and o. `longest` above 2. Source: Tallec & Ollivier 2018, section 2.
 */
export function fillChronoBias(b: Float64Array, longest: number, hiddenSize: number, random: Random): void {
  for (let j = 0; j < hiddenSize; j++) {
    b[hiddenSize + j] = log(random.uniform(1, longest - 1));
    b[j] = -b[hiddenSize + j];
  }
}

/**
 * Leaks spread evenly on a log scale from `fastest` (the first unit) to `slowest` (the last), both in (0, 1]: the units
 * of one layer then remember over every time scale in between. One unit gets `fastest`.
 */
export function fillLogSpreadLeaks(leak: Float64Array, fastest: number, slowest: number): void {
  const last = leak.length - 1;
  const ratio = log(slowest / fastest);
  for (let j = 0; j <= last; j++) leak[j] = fastest * exp((ratio * j) / Math.max(1, last));
  // To the bit: e^log may miss the ends, and 1 by a bit above 1 is no leak.
  leak[0] = fastest;
  if (last > 0) leak[last] = slowest;
}
