/**
 * The LSTM's gradient against central differences of its own forward pass, on sequences long enough to have a through
 * time in them; and proof that this check is sharp: every plausible mistake in backward must fail it.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Random } from '../random.js';
import { gradCheck } from './finite-difference.js';
import * as cell from './lstm.js';

type Cell = Pick<typeof cell, 'lstmForward' | 'lstmBackward'>;
interface Setting {
  T: number;
  layers: number;
  /** `all`: every step and both final states enter the loss; `last`: only h of the last step. */
  lossOn: 'all' | 'last';
}

const [B, D, H] = [2, 3, 4];
const TOLERANCE = 1e-7;

/** A stack of layers with random parameters, inputs and non-zero initial states, and a loss Σ w ⊙ (outputs, final states). */
class Stack {
  readonly random: Random;
  readonly x: Float64Array;
  readonly layers;
  readonly wOut: Float64Array;
  readonly cell: Cell;
  readonly setting: Setting;

  constructor(cell: Cell, setting: Setting) {
    const { T, layers, lossOn } = setting;
    this.cell = cell;
    this.setting = setting;
    this.random = new Random(`${T} ${layers} ${lossOn}`);
    this.x = this.normal(T * B * D);
    this.layers = Array.from({ length: layers }, (_, l) => this.layer(T, l === 0 ? D : H));
    this.wOut = this.normal(T * B * H);
    if (lossOn === 'last') this.wOut.fill(0, 0, (T - 1) * B * H);
  }

  normal(length: number, deviation = 1): Float64Array {
    return new Float64Array(length).map(() => this.random.normal(0, deviation));
  }

  layer(T: number, D: number) {
    const parameters = { Wx: this.normal(4 * H * D, 0.6), Wh: this.normal(4 * H * H, 0.6), b: this.normal(4 * H, 0.6) };
    // Forget gates ajar: otherwise the gradient at lag 20 drowns in the rounding of the differences.
    for (let j = H; j < 2 * H; j++) parameters.b[j] += 2;
    const ends = this.setting.lossOn === 'all' ? 1 : 0;
    const zeros = (length: number) => new Float64Array(length);
    return {
      sizes: { T, B, D, H },
      parameters,
      h0: this.normal(B * H),
      c0: this.normal(B * H),
      wH: this.normal(B * H, ends),
      wC: this.normal(B * H, ends),
      trace: { h: zeros((T + 1) * B * H), c: zeros((T + 1) * B * H), gates: zeros(T * B * 4 * H) },
      // Data gradients start dirty: they must be overwritten.
      gradients: {
        dx: zeros(T * B * D).fill(7),
        dh0: zeros(B * H).fill(7),
        dc0: zeros(B * H).fill(7),
        dz: zeros(T * B * 4 * H).fill(7),
        dWx: zeros(4 * H * D),
        dWh: zeros(4 * H * H),
        db: zeros(4 * H),
      },
    };
  }

  /** The input of layer l: x, or the output of the layer below. */
  input(l: number): Float64Array {
    return l === 0 ? this.x : this.layers[l - 1].trace.h.subarray(B * H);
  }

  loss(): number {
    const end = this.setting.T * B * H;
    let sum = 0;
    for (const [l, { trace, h0, c0, parameters, sizes, wH, wC }] of this.layers.entries()) {
      this.cell.lstmForward(trace, this.input(l), h0, c0, parameters, sizes);
      for (let k = 0; k < B * H; k++) sum += wH[k] * trace.h[end + k] + wC[k] * trace.c[end + k];
    }
    const top = this.input(this.layers.length);
    for (let k = 0; k < this.wOut.length; k++) sum += this.wOut[k] * top[k];
    return sum;
  }

  backward(): void {
    this.loss();
    let dy = this.wOut;
    for (let l = this.layers.length - 1; l >= 0; l--) {
      const { gradients, wH, wC, trace, parameters, sizes } = this.layers[l];
      this.cell.lstmBackward(gradients, dy, wH, wC, trace, this.input(l), parameters, sizes);
      dy = gradients.dx;
    }
  }

  check() {
    this.backward();
    const values: Record<string, Float64Array> = { x: this.x };
    const gradients: Record<string, Float64Array> = { x: this.layers[0].gradients.dx };
    for (const [l, layer] of this.layers.entries()) {
      const { dWx, dWh, db, dh0, dc0 } = layer.gradients;
      const byName = { Wx: dWx, Wh: dWh, b: db, h0: dh0, c0: dc0 };
      for (const name of ['Wx', 'Wh', 'b', 'h0', 'c0'] as const) {
        values[`${name} of layer ${l}`] = { ...layer.parameters, h0: layer.h0, c0: layer.c0 }[name];
        gradients[`${name} of layer ${l}`] = byName[name];
      }
    }
    return gradCheck(() => this.loss(), values, gradients);
  }
}

const settings: Setting[] = [1, 2, 3, 20].flatMap((T) =>
  [1, 2].flatMap((layers) => (['all', 'last'] as const).map((lossOn) => ({ T, layers, lossOn }))),
);
const worstOf = (cell: Cell, among = settings) =>
  Math.max(...among.map((setting) => new Stack(cell, setting).check().worst));

for (const setting of settings) {
  test(`LSTM gradient: T = ${setting.T}, ${setting.layers} layers, loss on ${setting.lossOn}`, () => {
    const { errors } = new Stack(cell, setting).check();
    assert.equal(Object.keys(errors).length, 1 + 5 * setting.layers);
    for (const [name, error] of Object.entries(errors)) assert.ok(error <= TOLERANCE, `${name}: ${error}`);
  });
}

test('parameter gradients add up over calls, data gradients do not', () => {
  const stack = new Stack(cell, { T: 3, layers: 1, lossOn: 'all' });
  stack.backward();
  const once = structuredClone(stack.layers[0].gradients);
  stack.backward();
  const twice = stack.layers[0].gradients;
  for (const name of ['dx', 'dh0', 'dc0', 'dz'] as const) assert.deepEqual(twice[name], once[name], name);
  for (const name of ['dWx', 'dWh', 'db'] as const)
    for (const [k, value] of once[name].entries())
      assert.ok(Math.abs(twice[name][k] - 2 * value) <= 1e-13 * (1 + Math.abs(value)), name);
});

test('sequences side by side do not touch each other', () => {
  const stack = new Stack(cell, { T: 5, layers: 1, lossOn: 'all' });
  stack.backward();
  const layer = stack.layers[0];
  const before = structuredClone({ h: layer.trace.h, dx: layer.gradients.dx });
  for (let t = 0; t < 5; t++) stack.x[(t * B + 1) * D] += 1;
  stack.backward();
  for (let t = 0; t < 5; t++) {
    const rows = (values: Float64Array, n: number, width: number) =>
      values.slice((t * B + n) * width, (t * B + n + 1) * width);
    assert.deepEqual(rows(layer.gradients.dx, 0, D), rows(before.dx, 0, D));
    assert.deepEqual(rows(layer.trace.h.subarray(B * H), 0, H), rows(before.h.subarray(B * H), 0, H));
    assert.notDeepEqual(rows(layer.trace.h.subarray(B * H), 1, H), rows(before.h.subarray(B * H), 1, H));
  }
});

/** Each mistake: what to replace in the compiled source of the cell, by what. */
const mutants: Record<string, [find: string, put: string][]> = {
  'the short form: δ_C without what comes back from C of the next step': [
    ['* (1 - tanhC * tanhC) + dc0[unit]', '* (1 - tanhC * tanhC)'],
  ],
  'the path C_t → C_{t−1} cut': [['dc0[unit] = dc * f;', 'dc0[unit] = 0;']],
  'the forget gate left out of the path C_t → C_{t−1}': [['dc0[unit] = dc * f;', 'dc0[unit] = dc;']],
  'dWx over the first step only': [['addWeightGradient(dWx, dz, x, T * B,', 'addWeightGradient(dWx, dz, x, B,']],
  'dWh over the first step only': [['addWeightGradient(dWh, dz, h, T * B,', 'addWeightGradient(dWh, dz, h, B,']],
  'db over the first step only': [['addBiasGradient(db, dz, T * B,', 'addBiasGradient(db, dz, B,']],
  'dWh with h_t for h_{t−1}': [['addWeightGradient(dWh, dz, h,', 'addWeightGradient(dWh, dz, h.subarray(B * H),']],
  "the step's own loss dropped": [
    ['const dh = dy[before + unit] + dh0[unit];', 'const dh = t < T ? dh0[unit] : dy[before + unit] + dh0[unit];'],
  ],
  'the error from the next step dropped': [
    ['const dh = dy[before + unit] + dh0[unit];', 'const dh = dy[before + unit];'],
  ],
  'input and forget gate swapped': [
    ['dz[gate] = dc *', 'dz[SWAP] = dc *'],
    ['dz[gate + H] = dc *', 'dz[gate] = dc *'],
    ['dz[SWAP] = dc *', 'dz[gate + H] = dc *'],
  ],
  'candidate and output gate swapped': [
    ['const g = gates[gate + 2 * H];', 'const g = gates[gate + 3 * H];'],
    ['const o = gates[gate + 3 * H];', 'const o = gates[gate + 2 * H];'],
  ],
  'the forget gate sees C_t for C_{t−1}': [['dc * c[before + unit] * f', 'dc * c[now + unit] * f']],
  "the candidate's derivative left out": [['* i * (1 - g * g)', '* i']],
  'δ_o from δ_C': [['dh * tanhC * o * (1 - o)', 'dc * tanhC * o * (1 - o)']],
  'the final C ignored': [['dc0.set(dcT);', 'dc0.fill(0);']],
  'the final h ignored': [['dh0.set(dhT);', 'dh0.fill(0);']],
  'dx of the first step only': [['setInputGradient(dx, 0, dz, 0, Wx, T * B,', 'setInputGradient(dx, 0, dz, 0, Wx, B,']],
};

/** The compiled cell with the replacements made (each must match exactly once), loaded as a module of its own. */
async function mutate(replacements: [find: string, put: string][]): Promise<Cell> {
  const url = new URL('./lstm.js', import.meta.url);
  let source = readFileSync(url, 'utf8');
  const backwardAt = source.indexOf('export function lstmBackward');
  let backward = source.slice(backwardAt);
  for (const [find, put] of replacements) {
    assert.equal(backward.split(find).length, 2, `the mutant's text must occur once: ${find}`);
    backward = backward.replace(find, put);
  }
  source = source.slice(0, backwardAt) + backward;
  const absolute = source.replace(/from '(\.[^']+)'/g, (_, path) => `from '${new URL(path, url).href}'`);
  return (await import(`data:text/javascript,${encodeURIComponent(absolute)}`)) as Cell;
}

test('the check runs on a copy of the cell as well as on the cell', async () => {
  assert.ok(worstOf(await mutate([])) <= TOLERANCE);
});

for (const [mistake, replacements] of Object.entries(mutants)) {
  test(`caught: ${mistake}`, async () => {
    const mutant = await mutate(replacements);
    const worst = worstOf(
      mutant,
      settings.filter(({ T }) => T <= 3),
    );
    assert.ok(worst > 1000 * TOLERANCE, `the gradient check passes with ${worst}`);
  });
}

test('one step is not enough: there the short form is exact', async () => {
  const short = await mutate(mutants['the short form: δ_C without what comes back from C of the next step']);
  const on = (T: number) =>
    worstOf(
      short,
      settings.filter((setting) => setting.T === T && setting.lossOn === 'last'),
    );
  assert.ok(on(1) <= TOLERANCE);
  assert.ok(on(2) > 0.01);
});
