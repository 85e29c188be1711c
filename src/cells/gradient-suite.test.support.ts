/**
 * Is the backward pass of a cell right? Stacks of it with a loss on all steps or on the last only, over several lengths,
 * against central differences of their own forward pass (docs/math.md, section 4); and the same checks on mutants of
 * the cell, each with one plausible mistake, which must all fail.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../random.js';
import type { Arrays, Build, CellUnderTest } from './cell-under-test.test.support.js';
import { gradCheck } from './finite-difference.js';

export interface Setting {
  T: number;
  layers: number;
  /** `all`: every step and the final states of every layer enter the loss; `last`: only the output of the last step. */
  lossOn: 'all' | 'last';
}

export const TOLERANCE = 1e-7;
const [B, D, H] = [2, 3, 4];

export const SETTINGS: Setting[] = [1, 2, 3, 20].flatMap((T) =>
  [1, 2].flatMap((layers) => (['all', 'last'] as const).map((lossOn) => ({ T, layers, lossOn }))),
);

/** Layers with random parameters, inputs and non-zero initial states; the loss is Σ w ⊙ (outputs, final states). */
class Stack {
  readonly x: Float64Array;
  readonly layers: { cell: CellUnderTest; ends: Arrays }[] = [];
  readonly wOut: Float64Array;

  constructor(build: Build, { T, layers, lossOn }: Setting) {
    const random = new Random(`${T} ${layers} ${lossOn}`);
    const normal = (length: number) => new Float64Array(length).map(() => random.normal());
    this.x = normal(T * B * D);
    let width = D;
    for (let l = 0; l < layers; l++) {
      const cell = build({ T, B, D: width, H }, random);
      const ends = Object.fromEntries(
        Object.entries(cell.states).map(([name, state]) => [
          name,
          lossOn === 'all' ? normal(state.length) : new Float64Array(state.length),
        ]),
      );
      this.layers.push({ cell, ends });
      width = cell.outputSize;
    }
    this.wOut = normal(T * B * width);
    if (lossOn === 'last') this.wOut.fill(0, 0, (T - 1) * B * width);
  }

  loss(): number {
    let y = this.x;
    let sum = 0;
    for (const { cell, ends } of this.layers) {
      const result = cell.forward(y);
      for (const [name, weights] of Object.entries(ends)) sum += dot(weights, result.ends[name]);
      y = result.y;
    }
    return sum + dot(this.wOut, y);
  }

  /** ∂loss/∂x, and by layer ∂loss/∂ every parameter and initial state. */
  backward() {
    this.loss();
    let dy = this.wOut;
    const gradients: Arrays = {};
    for (const [l, { cell, ends }] of [...this.layers.entries()].reverse()) {
      const { dx, parameters, states } = cell.backward(dy, ends);
      for (const [name, values] of Object.entries(parameters)) gradients[`${name} of layer ${l}`] = values;
      for (const [name, values] of Object.entries(states)) gradients[`${name}0 of layer ${l}`] = values;
      dy = dx;
    }
    gradients.x = dy;
    return gradients;
  }

  check() {
    const values: Arrays = { x: this.x };
    for (const [l, { cell }] of this.layers.entries()) {
      for (const [name, array] of Object.entries(cell.parameters)) values[`${name} of layer ${l}`] = array;
      for (const [name, array] of Object.entries(cell.states)) values[`${name}0 of layer ${l}`] = array;
    }
    return gradCheck(() => this.loss(), values, this.backward());
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}

/** The worst relative error over settings. */
export function worstError(build: Build, settings: Setting[] = SETTINGS): number {
  return Math.max(...settings.map((setting) => new Stack(build, setting).check().worst));
}

/** The gradient checks of one cell, and that gradients add up or are overwritten as they should. */
export function testGradients(name: string, build: Build): void {
  test(`${name}: gradients of everything, T = 1, 2, 3, 20, one and two layers, loss on all steps and on the last`, () => {
    for (const setting of SETTINGS) {
      const stack = new Stack(build, setting);
      const { cell } = stack.layers[0];
      const { errors } = stack.check();
      const perLayer = Object.keys(cell.parameters).length + Object.keys(cell.states).length;
      assert.equal(Object.keys(errors).length, 1 + perLayer * setting.layers);
      for (const [array, error] of Object.entries(errors))
        assert.ok(error <= TOLERANCE, `${array}, ${JSON.stringify(setting)}: ${error}`);
    }
  });

  test(`${name}: parameter gradients add up over calls, data gradients do not`, () => {
    const stack = new Stack(build, { T: 3, layers: 1, lossOn: 'all' });
    const once = structuredClone(stack.backward());
    const twice = stack.backward();
    const sums = Object.keys(stack.layers[0].cell.parameters);
    for (const [array, values] of Object.entries(once)) {
      const times = sums.includes(array.split(' ')[0]) ? 2 : 1;
      for (const [k, value] of values.entries())
        assert.ok(Math.abs(twice[array][k] - times * value) <= 1e-13 * (1 + Math.abs(value)), array);
    }
  });

  test(`${name}: sequences side by side do not touch each other`, () => {
    const T = 5;
    const stack = new Stack(build, { T, layers: 1, lossOn: 'all' });
    const { cell } = stack.layers[0];
    const rowsOf = (values: Float64Array, n: number) => {
      const width = values.length / (T * B);
      return Array.from({ length: T }, (_, t) => [...values.slice((t * B + n) * width, (t * B + n + 1) * width)]);
    };
    const run = () => ({ dx: stack.backward().x.slice(), y: cell.forward(stack.x).y.slice() });
    const before = run();
    for (let t = 0; t < T; t++) stack.x[(t * B + 1) * D] += 1;
    const after = run();
    for (const array of ['dx', 'y'] as const)
      assert.deepEqual(rowsOf(after[array], 0), rowsOf(before[array], 0), array);
    assert.notDeepEqual(rowsOf(after.y, 1), rowsOf(before.y, 1));
  });
}

/** A mistake: the compiled file it is made in, what to replace there, by what. */
export type Mistake = readonly [file: string, find: string, put: string];

/**
 * The module `entry` of this folder, compiled, with mistakes made in it or in files that it imports. Each text must occur
 * exactly once after the line on which the file's backward function starts.
 */
export async function mutate<Module>(entry: string, mistakes: readonly Mistake[]): Promise<Module> {
  const { readFileSync } = process.getBuiltinModule('node:fs');
  const urlOf = (file: string): string => {
    if (file !== entry && !mistakes.some(([wrong]) => wrong === file)) return new URL(file, import.meta.url).href;
    const source = readFileSync(new URL(file, import.meta.url), 'utf8');
    const backwardAt = Math.max(0, source.search(/export function \w*Backward/));
    let backward = source.slice(backwardAt);
    for (const [wrong, find, put] of mistakes) {
      if (wrong !== file) continue;
      assert.equal(backward.split(find).length, 2, `the mutant's text must occur once: ${find}`);
      backward = backward.replace(find, () => put);
    }
    const linked = (source.slice(0, backwardAt) + backward).replace(
      /from '(\.[^']+)'/g,
      (_, other: string) => `from '${urlOf(other)}'`,
    );
    // A quote would end the import of this URL by the module around it.
    return `data:text/javascript,${encodeURIComponent(linked).replaceAll("'", '%27')}`;
  };
  return (await import(urlOf(entry))) as Module;
}

/** Every mutant must fail the gradient check, clearly, on sequences of at most three steps; the unchanged copy must pass it. */
export function testMutants<Module>(
  name: string,
  entry: string,
  builds: (cell: Module) => Build[],
  mutants: Record<string, readonly Mistake[]>,
): void {
  const worst = (cell: Module, settings: Setting[]) =>
    Math.max(...builds(cell).map((build) => worstError(build, settings)));
  const brief = SETTINGS.filter(({ T }) => T <= 3);
  test(`${name}: the check runs on a copy of the cell as well as on the cell`, async () => {
    assert.ok(worst(await mutate<Module>(entry, []), brief) <= TOLERANCE);
  });
  for (const [mistake, replacements] of Object.entries(mutants)) {
    test(`${name}, caught: ${mistake}`, async () => {
      const found = worst(await mutate<Module>(entry, replacements), brief);
      assert.ok(found > 1000 * TOLERANCE, `the gradient check passes with ${found}`);
    });
  }
}
