/** Live series: a stack of recurrent layers that goes on step by step and keeps its states. */
import { type LayerSpec, type LayerState, Network } from '../engine/index.js';
import type { NamedValues } from './cell-runner.js';
import { checkValues, type EngineKind, type Values } from './engine-kind.js';

/** What a stream begins with. */
export interface StreamOptions<State> {
  /** B: series that go on side by side, many thousands if need be. Default 1. */
  batch?: number | undefined;
  /** States [layers,B,·] to start from; zeros when left out. */
  state?: State | undefined;
}

/** Streaming use of a layer, with the parameters that it had when the stream began. */
export interface Stream<E extends EngineKind, State> {
  readonly batch: number;
  /**
   * x [B,D] → output [B,R], in an array that the next step overwrites.
   *
   * @throws TidegateError `wrong_array_type`, `wrong_length`
   */
  step(x: Values<E>): Values<E>;
  /** A copy of the states [layers,B,·] after the last step: to save, or to begin another stream with. */
  state(): State;
}

/** A layer of the stack, with the arrays that its cell computes with. */
export interface StreamLayer {
  readonly spec: LayerSpec;
  readonly parameters: NamedValues<Float32Array>;
}

/** On the engine: one network for the whole stack, its states in the arena. */
export class EngineStream implements Stream<'wasm', Record<string, Float32Array>> {
  readonly batch: number;
  readonly #network: Network;
  readonly #inputSize: number;
  readonly #output: Float32Array;

  /** @param state [layers,B,·] by name, checked */
  constructor(layers: readonly StreamLayer[], batch: number, state: Record<string, Float32Array>, width: number) {
    this.batch = batch;
    this.#inputSize = layers[0].spec.inputSize;
    this.#output = new Float32Array(batch * width);
    this.#network = new Network(
      layers.map(({ spec }) => spec),
      { steps: 1, batch, training: false },
    );
    for (const [l, { parameters }] of layers.entries())
      for (const [name, values] of Object.entries(parameters)) {
        const [rows, columns = 1] = this.#network.parameters.get(`${l}.${name}`) ?? [values.length];
        const whole = values.length === 1 ? new Float32Array(rows * columns).fill(values[0]) : values;
        this.#network.write('value', `${l}.${name}`, whole);
      }
    const part = (values: Float32Array, l: number) => {
      const size = values.length / layers.length;
      return values.subarray(l * size, (l + 1) * size);
    };
    const start = layers.map((_, l): LayerState => ({ h: part(state.h, l), c: state.c ? part(state.c, l) : null }));
    this.#network.startStream(batch, start);
  }

  step(x: Float32Array): Float32Array {
    const { batch } = this;
    if (!(x instanceof Float32Array && x.length === batch * this.#inputSize))
      checkValues('wasm', `x [batch,inputSize] = [${batch},${this.#inputSize}]`, x, batch * this.#inputSize);
    return this.#network.step(x, this.#output);
  }

  state(): Record<string, Float32Array> {
    const layers = this.#network.finalState();
    const joined = (parts: readonly Float32Array[]) => {
      const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
      let at = 0;
      for (const part of parts) {
        whole.set(part, at);
        at += part.length;
      }
      return whole;
    };
    const h = joined(layers.map((layer) => layer!.h));
    return layers[0]!.c === null ? { h } : { h, c: joined(layers.map((layer) => layer!.c!)) };
  }
}

type Arrays = Record<string, Float64Array>;

/** On the reference: step after step, as the layer's own. */
export class ReferenceStream implements Stream<'reference', Arrays> {
  readonly batch: number;
  readonly #inputSize: number;
  readonly #step: (x: Float64Array, state: Arrays) => { output: Float64Array; state: Arrays };
  #state: Arrays;

  constructor(
    inputSize: number,
    batch: number,
    state: Arrays,
    step: (x: Float64Array, state: Arrays) => { output: Float64Array; state: Arrays },
  ) {
    this.batch = batch;
    this.#inputSize = inputSize;
    this.#state = state;
    this.#step = step;
  }

  step(x: Float64Array): Float64Array {
    const { batch } = this;
    checkValues('reference', `x [batch,inputSize] = [${batch},${this.#inputSize}]`, x, batch * this.#inputSize);
    const { output, state } = this.#step(x, this.#state);
    this.#state = state;
    return output;
  }

  state(): Arrays {
    return Object.fromEntries(Object.entries(this.#state).map(([name, values]) => [name, values.slice()]));
  }
}
