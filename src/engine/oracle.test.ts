import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KIND_NAMES, stackOf } from './layer-kinds.test.support.js';
import { outputSize, stateSizes } from './layer-spec.js';
import { type OracleState, oracle, randomArray, relativeError, testRandom } from './oracle.test.support.js';
import { parametersOf } from './parameters.js';

const [T, B, D] = [3, 2, 2];
const EPSILON = 1e-6;

for (const kind of KIND_NAMES)
  test(`${kind}: the oracle's gradients are the central differences of its outputs and states`, () => {
    const layers = stackOf([kind], D, [3, 2], 2);
    const random = testRandom(11);
    const numbers = (count: number) => Array.from(randomArray(random, count));
    const x = numbers(T * B * D);
    const states = (): OracleState =>
      layers.map((layer) => {
        const sizes = stateSizes(layer);
        return sizes && { h: numbers(B * sizes.h), c: sizes.c ? numbers(B * sizes.c) : null };
      });
    const [state, wState] = [states(), states()];
    const wOutput = numbers(T * B * outputSize(layers.at(-1)!));
    const values = new Map(
      parametersOf(layers).map(({ name, shape }) => [name, numbers(shape.reduce((a, b) => a * b, 1))] as const),
    );
    const dot = (a: ArrayLike<number> | null | undefined, b: ArrayLike<number> | null | undefined) =>
      Array.from(a ?? []).reduce((sum, value, i) => sum + value * b![i]!, 0);
    const run = () => oracle(layers, values, x, T, B, state);
    const loss = () => {
      const { outputs, finalState } = run();
      const ofStates = finalState.map((entry, at) => dot(entry?.h, wState[at]?.h) + dot(entry?.c, wState[at]?.c));
      return ofStates.reduce((a, b) => a + b, dot(outputs.at(-1), wOutput));
    };
    const check = (
      what: string,
      array: number[] | null | undefined,
      gradient: ArrayLike<number> | null | undefined,
    ) => {
      if (!array) return;
      const numeric = array.map((value, i) => {
        const at = (moved: number) => {
          array[i] = moved;
          return loss();
        };
        const difference = (at(value + EPSILON) - at(value - EPSILON)) / (2 * EPSILON);
        array[i] = value;
        return difference;
      });
      const error = relativeError(gradient!, numeric);
      assert.ok(error <= 1e-7, `${what}: ${error}`);
    };
    const gradient = run().backward(wOutput, wState);
    for (const [name, value] of values) check(name, value, gradient.parameters.get(name));
    check('x', x, gradient.input);
    state.forEach((entry, at) => {
      check(`h0 of layer ${at}`, entry?.h, gradient.state[at]?.h);
      check(`c0 of layer ${at}`, entry?.c, gradient.state[at]?.c);
    });
  });
