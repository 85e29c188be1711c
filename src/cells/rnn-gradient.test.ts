/** The plain network's gradient against central differences, tanh and ReLU, and proof that the check is sharp. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Random } from '../random.js';
import { gradCheck } from './finite-difference.js';
import * as cell from './rnn.js';

type Cell = Pick<typeof cell, 'rnnForward' | 'rnnBackward'>;
interface Setting {
  T: number;
  nonlinearity: cell.Nonlinearity;
  lossOn: 'all' | 'last';
}

const [B, D, H] = [2, 3, 4];
const TOLERANCE = 1e-7;

/** Two layers with non-zero initial states; loss = Σ w ⊙ (outputs, final states). Returns the error per array. */
function check(cell: Cell, { T, nonlinearity, lossOn }: Setting) {
  const random = new Random(`${T} ${nonlinearity} ${lossOn}`);
  const normal = (length: number, deviation = 1) => new Float64Array(length).map(() => random.normal(0, deviation));
  const zeros = (length: number) => new Float64Array(length);
  const x = normal(T * B * D);
  const wOut = normal(T * B * H);
  if (lossOn === 'last') wOut.fill(0, 0, (T - 1) * B * H);
  // Recurrent weights that let tanh units neither saturate nor forget within 20 steps: what vanished cannot be compared.
  const [inward, recurrent] = nonlinearity === 'tanh' ? [0.3, 0.9] : [0.5, 0.6];
  const layers = [D, H].map((D) => ({
    sizes: { T, B, D, H },
    parameters: { Wx: normal(H * D, inward), Wh: normal(H * H, recurrent), b: normal(H, 0.3) },
    h0: normal(B * H),
    wH: normal(B * H, lossOn === 'all' ? 1 : 0),
    h: zeros((T + 1) * B * H),
    // Data gradients start dirty: they must be overwritten.
    gradients: {
      dx: zeros(T * B * D).fill(7),
      dh0: zeros(B * H).fill(7),
      dz: zeros(T * B * H).fill(7),
      dWx: zeros(H * D),
      dWh: zeros(H * H),
      db: zeros(H),
    },
  }));
  const [low, high] = layers;
  const lowOutput = low.h.subarray(B * H);
  const loss = () => {
    cell.rnnForward(low.h, x, low.h0, low.parameters, nonlinearity, low.sizes);
    cell.rnnForward(high.h, lowOutput, high.h0, high.parameters, nonlinearity, high.sizes);
    let sum = 0;
    for (let k = 0; k < wOut.length; k++) sum += wOut[k] * high.h[B * H + k];
    for (const { h, wH } of layers) for (let k = 0; k < B * H; k++) sum += wH[k] * h[T * B * H + k];
    return sum;
  };
  loss();
  cell.rnnBackward(high.gradients, wOut, high.wH, high.h, lowOutput, high.parameters, nonlinearity, high.sizes);
  const dy = high.gradients.dx;
  cell.rnnBackward(low.gradients, dy, low.wH, low.h, x, low.parameters, nonlinearity, low.sizes);

  const values: Record<string, Float64Array> = { x };
  const gradients: Record<string, Float64Array> = { x: low.gradients.dx };
  for (const [l, { parameters, h0, gradients: g }] of layers.entries()) {
    const pairs = { Wx: [parameters.Wx, g.dWx], Wh: [parameters.Wh, g.dWh], b: [parameters.b, g.db], h0: [h0, g.dh0] };
    for (const [name, [value, gradient]] of Object.entries(pairs)) {
      values[`${name} of layer ${l}`] = value;
      gradients[`${name} of layer ${l}`] = gradient;
    }
  }
  return gradCheck(loss, values, gradients);
}

const settings: Setting[] = [1, 2, 3, 20].flatMap((T) =>
  (['tanh', 'relu'] as const).flatMap((nonlinearity) =>
    (['all', 'last'] as const).map((lossOn) => ({ T, nonlinearity, lossOn })),
  ),
);

for (const setting of settings) {
  test(`RNN gradient: ${setting.nonlinearity}, T = ${setting.T}, loss on ${setting.lossOn}`, () => {
    const { errors } = check(cell, setting);
    assert.equal(Object.keys(errors).length, 9);
    for (const [name, error] of Object.entries(errors)) assert.ok(error <= TOLERANCE, `${name}: ${error}`);
  });
}

/** Each mistake: what to replace in the compiled backward, by what. */
const mutants: Record<string, [find: string, put: string]> = {
  'the error from the next step dropped': ['= dy[before + unit] + dh0[unit]', '= dy[before + unit]'],
  "the step's own loss dropped": ['= dy[before + unit] + dh0[unit]', '= (t < T ? 0 : dy[before + unit]) + dh0[unit]'],
  'dWx over the first step only': ['addWeightGradient(dWx, dz, x, T * B,', 'addWeightGradient(dWx, dz, x, B,'],
  'dWh over the first step only': ['addWeightGradient(dWh, dz, h, T * B,', 'addWeightGradient(dWh, dz, h, B,'],
  'db over the first step only': ['addBiasGradient(db, dz, T * B,', 'addBiasGradient(db, dz, B,'],
  'dWh with h_t for h_{t−1}': ['addWeightGradient(dWh, dz, h,', 'addWeightGradient(dWh, dz, h.subarray(B * H),'],
  'tanh′ from h_{t−1}': ['const y = h[now + unit];', 'const y = h[before + unit];'],
  'tanh′ left out': ['1 - y * y', '1'],
  'ReLU′ left out': ['y > 0 ? 1 : 0', '1'],
  'the final h ignored': ['dh0.set(dhT);', 'dh0.fill(0);'],
};

async function mutate(find: string, put: string): Promise<Cell> {
  const url = new URL('./rnn.js', import.meta.url);
  const source = readFileSync(url, 'utf8');
  const backwardAt = source.indexOf('export function rnnBackward');
  const backward = source.slice(backwardAt);
  assert.equal(backward.split(find).length, 2, `the mutant's text must occur once: ${find}`);
  const mutant = source.slice(0, backwardAt) + backward.replace(find, put);
  const absolute = mutant.replace(/from '(\.[^']+)'/g, (_, path) => `from '${new URL(path, url).href}'`);
  return (await import(`data:text/javascript,${encodeURIComponent(absolute)}`)) as Cell;
}

for (const [mistake, [find, put]] of Object.entries(mutants)) {
  test(`caught: ${mistake}`, async () => {
    const mutant = await mutate(find, put);
    const worst = Math.max(...settings.filter(({ T }) => T <= 3).map((setting) => check(mutant, setting).worst));
    assert.ok(worst > 1000 * TOLERANCE, `the gradient check passes with ${worst}`);
  });
}
