/**
 * The recurrent layers against PyTorch in float64, on both engines: output, final states and every gradient of the 16
 * cases that PyTorch has as layers, and of those that its automatic differentiation computed (cells/fixtures).
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import type { GoldenCase } from '../cells/torch-goldens.test.support.js';
import type { Numbers } from './cell-runner.js';
import { GRU, LSTM, RNN } from './index.js';
import { type AnyLayer, assertClose, ENGINES, type States, VARIANTS } from './recurrent-cases.test.support.js';

function fixture<Case>(name: string): Case[] {
  const file = new URL(`../../src/cells/fixtures/${name}`, import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] }).cases;
}

/** A case of variant-goldens.json: one layer, arrays by the cells' names. */
interface VariantCase {
  name: string;
  T: number;
  B: number;
  D: number;
  H: number;
  values: Record<string, number[]>;
  x: number[];
  wOut: number[];
  ends: Record<string, number[]>;
  output: number[];
  finals: Record<string, number[]>;
  dx: number[];
  gradients: Record<string, number[]>;
}

const goldens = fixture<GoldenCase>('torch-goldens.json');
const variantCases = fixture<VariantCase>('variant-goldens.json');
const LAYERS = { RNN, GRU, LSTM };
const NAMES = { Wx: 'weight_ih_l0', Wh: 'weight_hh_l0', P: 'peephole_l0', Wp: 'weight_hr_l0', leak: 'leak_l0' };

for (const { engine, array, tolerance } of ENGINES) {
  const numbers = (values: ArrayLike<number>): Numbers => array.from(values);
  const close = (label: string, got: Numbers, expected: ArrayLike<number>) => {
    assert.ok(got instanceof array, `${label}: ${array.name}`);
    assertClose(label, got, expected, tolerance);
  };

  suite(`PyTorch's layers on ${engine}`, () => {
    test('all 16 cases are here', () => assert.equal(goldens.length, 16));
    for (const golden of goldens) {
      const { T: steps, B: batch, inputSize, hiddenSize, kind, options } = golden;
      const layer = new LAYERS[kind]({
        ...{ inputSize, hiddenSize, engine },
        numLayers: options.num_layers,
        bias: options.bias,
        bidirectional: options.bidirectional,
        ...(options.nonlinearity && { nonlinearity: options.nonlinearity }),
        ...(options.proj_size && { projSize: options.proj_size }),
      }) as unknown as AnyLayer;
      const names = kind === 'LSTM' ? (['h', 'c'] as const) : (['h'] as const);
      const states = (end: (name: 'h' | 'c') => 'h0' | 'c0' | 'wH' | 'wC'): States =>
        Object.fromEntries(names.map((name) => [name, numbers(golden[end(name)].data)]));
      const initial = () => states((name) => `${name}0`);

      test(golden.name, () => {
        layer.loadStateDict(golden.params);
        const result = layer.forward(numbers(golden.x.data), { steps, batch, state: initial() });
        close('output', result.output, golden.output.data);
        const dState = states((name) => (name === 'h' ? 'wH' : 'wC'));
        const back = layer.backward({ dOutput: numbers(golden.wOut.data), dState });
        close('dx', back.dInput, golden.dx.data);
        for (const name of names) {
          close(`${name}n`, result.state[name], golden[`${name}n`].data);
          close(`d${name}0`, back.dState[name], golden[`d${name}0`].data);
        }
        assert.deepEqual(Object.keys(back.grads), Object.keys(golden.dparams), 'names in PyTorch’s order');
        for (const [name, { shape, data }] of Object.entries(golden.dparams)) {
          assert.deepEqual(back.grads[name].shape, shape, name);
          close(`d${name}`, back.grads[name].data, data);
        }
      });

      if (options.bidirectional) continue;
      test(`${golden.name}, a step at a time`, () => {
        layer.loadStateDict(golden.params);
        let state = initial();
        const [rows, width] = [batch * inputSize, batch * layer.outputSize];
        for (let t = 0; t < steps; t++) {
          const result = layer.step(numbers(golden.x.data.slice(t * rows, (t + 1) * rows)), state);
          close(`step ${t}`, result.output, golden.output.data.slice(t * width, (t + 1) * width));
          state = result.state;
        }
        for (const name of names) close(`${name}n`, state[name], golden[`${name}n`].data);
      });
    }
  });

  suite(`what PyTorch does not have as layers, on ${engine}`, () => {
    test('all nine cases are here', () => assert.equal(variantCases.length, 9));
    for (const golden of variantCases) {
      const { name, T: steps, B: batch, D, H, values } = golden;
      test(name, () => {
        const found = VARIANTS.find((variant) => variant.name === name)!;
        const leak = values.leak && (values.leak.length === 1 ? values.leak[0] : values.leak);
        const projSize = values.Wp && values.Wp.length / H;
        const layer = found.build({ inputSize: D, hiddenSize: H, engine, ...(leak && { leak }), projSize });
        const { b, h0, c0, ...matrices } = values;
        const dict = layer.stateDict();
        for (const [key, data] of Object.entries(matrices)) dict[NAMES[key as 'Wx']].data.set(data);
        // Only the sum of the two biases counts here: any split will do.
        const part = numbers(b).map((_, k) => Math.sin(k));
        dict.bias_ih_l0.data.set(b.map((value, k) => value - part[k]));
        dict.bias_hh_l0.data.set(part);
        layer.loadStateDict(dict);

        const named = (arrays: Record<string, number[]>): States =>
          Object.fromEntries(Object.entries(arrays).map(([key, data]) => [key, numbers(data)]));
        const state = named(c0 === undefined ? { h: h0 } : { h: h0, c: c0 });
        const result = layer.forward(numbers(golden.x), { steps, batch, state });
        close('output', result.output, golden.output);
        for (const [key, data] of Object.entries(golden.finals)) close(`final ${key}`, result.state[key], data);
        const back = layer.backward({ dOutput: numbers(golden.wOut), dState: named(golden.ends) });
        close('dx', back.dInput, golden.dx);
        const { b: db, h0: dh0, c0: dc0, ...others } = golden.gradients;
        close('dh0', back.dState.h, dh0);
        if (dc0) close('dc0', back.dState.c, dc0);
        close('dbias_ih', back.grads.bias_ih_l0.data, db);
        close('dbias_hh', back.grads.bias_hh_l0.data, db);
        for (const [key, data] of Object.entries(others)) close(`d${key}`, back.grads[NAMES[key as 'Wx']].data, data);
      });
    }
  });
}
