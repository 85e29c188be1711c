/** One layer in one direction over the WebAssembly engine, in float32. */
import { type LayerSpec, type LayerState, Network } from '../engine/index.js';
import type { CellPass, CellRunner, NamedValues, PassSizes } from './cell-runner.js';

type Arrays = NamedValues<Float32Array>;

/** All that a forward pass depends on. */
interface PassStart {
  parameters: Arrays;
  x: Float32Array;
  state: Arrays;
  sizes: PassSizes;
}

/** A network of the engine with the capacity it was planned for. */
interface Planned {
  network: Network;
  capacity: PassSizes;
  /** The arrays that it holds as parameters. */
  written: Map<string, Float32Array>;
  /** The forward pass whose activations it holds, unspent: the engine's backward overwrites what it reads. */
  held: PassStart | undefined;
}

export class WasmRunner implements CellRunner<Float32Array> {
  readonly #spec: LayerSpec;
  /** For passes; and a small one of its own for streaming, so that a step never disturbs a backward to come. */
  #training: Planned | undefined;
  #streaming: Planned | undefined;

  constructor(spec: LayerSpec) {
    this.#spec = spec;
  }

  prepare(sizes: PassSizes): void {
    this.#training = this.#roomFor(this.#training, sizes, true);
  }

  run(parameters: Arrays, x: Float32Array, state: Arrays, sizes: PassSizes): CellPass<Float32Array> {
    const planned = this.#roomFor(this.#training, sizes, true);
    this.#training = planned;
    const start = { parameters, x, state, sizes };
    return {
      ...forward(planned, start),
      backward: (dOutput, dState, gradients) => backward(planned, start, dOutput, dState, gradients),
    };
  }

  step(parameters: Arrays, x: Float32Array, state: Arrays, batch: number) {
    const sizes = { steps: 1, batch };
    this.#streaming = this.#roomFor(this.#streaming, sizes, false);
    return forward(this.#streaming, { parameters, x, state, sizes });
  }

  /** The network, planned anew when it is too small. */
  #roomFor(planned: Planned | undefined, { steps, batch }: PassSizes, training: boolean): Planned {
    const old = planned?.capacity ?? { steps: 0, batch: 0 };
    if (planned !== undefined && steps <= old.steps && batch <= old.batch) return planned;
    const both = { steps: Math.max(steps, old.steps), batch: Math.max(batch, old.batch) };
    // Room for the shapes so far too, unless long-and-narrow and short-and-wide together take far more than either.
    const capacity = both.steps * both.batch <= 4 * steps * batch ? both : { steps, batch };
    const network = new Network([this.#spec], { ...capacity, training });
    return { network, capacity, written: new Map(), held: undefined };
  }
}

function forward(planned: Planned, start: PassStart) {
  const { network } = planned;
  const { parameters, x, state, sizes } = start;
  writeParameters(planned, parameters);
  network.forward(x, sizes.steps, sizes.batch, [layerState(state)]);
  planned.held = start;
  return { output: network.output(), state: namedState(network.finalState()[0]) };
}

/** Runs the pass again first where the network has computed something else since. */
function backward(planned: Planned, start: PassStart, dOutput: Float32Array, dState: Arrays, gradients: Arrays) {
  const { network } = planned;
  if (planned.held !== start) forward(planned, start);
  planned.held = undefined;
  network.zeroGradients();
  network.backward(dOutput, [layerState(dState)]);
  for (const [name, sum] of Object.entries(gradients)) {
    const gradient = network.read('gradient', `0.${name}`);
    const last = sum.length - 1;
    // One number that stands for all units gets the sum over them.
    if (last === 0) sum[0] += gradient.reduce((total, value) => total + value, 0);
    else for (let k = 0; k <= last; k++) sum[k] += gradient[k];
  }
  return { dInput: network.inputGradient(), dState: namedState(network.stateGradient()[0]) };
}

function writeParameters({ network, written }: Planned, parameters: Arrays): void {
  for (const [name, values] of Object.entries(parameters)) {
    if (written.get(name) === values) continue;
    const [first, second = 1] = network.parameters.get(`0.${name}`) ?? [values.length];
    const whole = values.length === 1 ? new Float32Array(first * second).fill(values[0]) : values;
    network.write('value', `0.${name}`, whole);
    written.set(name, values);
  }
}

function layerState({ h, c }: Arrays): LayerState {
  return { h, c: c ?? null };
}

function namedState(state: LayerState | null): Arrays {
  if (state === null) return {};
  return state.c === null ? { h: state.h } : { h: state.h, c: state.c };
}
