/** A stack of LSTM layers over the WebAssembly engine, in float32. */
import { type LayerState, Network } from '../engine/index.js';
import { usageError } from '../errors.js';
import type { LayerArrays, LstmBackend, StatePair } from './lstm-backend.js';

type Pair = StatePair<Float32Array>;

/** A network of the engine with the capacity it was planned for. */
interface Planned {
  network: Network;
  steps: number;
  batch: number;
  /** Whether it holds the present parameters. */
  current: boolean;
}

export class WasmLstm implements LstmBackend<Float32Array> {
  readonly #layers: { kind: 'lstm'; inputSize: number; hiddenSize: number }[];
  #parameters: readonly LayerArrays<Float32Array>[] = [];
  /** For forward and backward; and a small one of its own for streaming, so that a step never disturbs a backward to come. */
  #training: Planned | undefined;
  #streaming: Planned | undefined;
  /** The last forward pass, to be run again for another backward: the engine's backward overwrites what it reads. */
  #last: { x: Float32Array; state: Pair; steps: number; batch: number } | undefined;
  #spent = false;

  constructor(inputSize: number, hiddenSize: number, numLayers: number) {
    this.#layers = Array.from({ length: numLayers }, (_, l) => ({
      kind: 'lstm' as const,
      inputSize: l === 0 ? inputSize : hiddenSize,
      hiddenSize,
    }));
  }

  setParameters(layers: readonly LayerArrays<Float32Array>[]): void {
    this.#parameters = layers;
    for (const planned of [this.#training, this.#streaming]) if (planned !== undefined) planned.current = false;
  }

  forward(x: Float32Array, state: Pair, steps: number, batch: number) {
    this.#training = this.#ready(this.#training, steps, batch, true);
    this.#last = { x: x.slice(), state: { h: state.h.slice(), c: state.c.slice() }, steps, batch };
    this.#spent = false;
    return this.#run(this.#training.network, x, state, steps, batch);
  }

  step(x: Float32Array, state: Pair, batch: number) {
    this.#streaming = this.#ready(this.#streaming, 1, batch, false);
    return this.#run(this.#streaming.network, x, state, 1, batch);
  }

  backward(dOutput: Float32Array, dState: Pair) {
    if (this.#training === undefined || this.#last === undefined)
      throw usageError('no_forward', 'backward needs a forward pass: call forward first.');
    const { network } = this.#training;
    const { x, state, steps, batch } = this.#last;
    if (this.#spent) network.forward(x, steps, batch, this.#split(state, batch));
    this.#spent = true;
    network.zeroGradients();
    network.backward(dOutput, this.#split(dState, batch));
    const layers = this.#layers.map((_, l) => ({
      weight_ih: network.read('gradient', `${l}.weight_ih`),
      weight_hh: network.read('gradient', `${l}.weight_hh`),
      bias: network.read('gradient', `${l}.bias`),
    }));
    return { dInput: network.inputGradient(), dState: this.#join(network.stateGradient()), layers };
  }

  #run(network: Network, x: Float32Array, state: Pair, steps: number, batch: number) {
    network.forward(x, steps, batch, this.#split(state, batch));
    return { output: network.output(), state: this.#join(network.finalState()) };
  }

  /** The network, planned anew when it is too small, holding the present parameters. */
  #ready(planned: Planned | undefined, steps: number, batch: number, training: boolean): Planned {
    let ready = planned;
    if (ready === undefined || steps > ready.steps || batch > ready.batch) {
      const both = { steps: Math.max(steps, ready?.steps ?? 0), batch: Math.max(batch, ready?.batch ?? 0) };
      // Room for the shapes so far too, unless long-and-narrow and short-and-wide together take far more than either.
      const capacity = both.steps * both.batch <= 4 * steps * batch ? both : { steps, batch };
      ready = { network: new Network(this.#layers, { ...capacity, training }), ...capacity, current: false };
    }
    if (!ready.current) {
      for (const [l, arrays] of this.#parameters.entries())
        for (const name of ['weight_ih', 'weight_hh', 'bias'] as const)
          ready.network.write('value', `${l}.${name}`, arrays[name]);
      ready.current = true;
    }
    return ready;
  }

  /** [layers,B,H] → one {h, c} [B,H] per layer. */
  #split(state: Pair, batch: number): Pair[] {
    return this.#layers.map(({ hiddenSize }, l) => {
      const [from, to] = [l * batch * hiddenSize, (l + 1) * batch * hiddenSize];
      return { h: state.h.subarray(from, to), c: state.c.subarray(from, to) };
    });
  }

  /** One {h, c} per layer → [layers,B,H]. */
  #join(states: readonly (LayerState | null)[]): Pair {
    const width = states[0]?.h.length ?? 0;
    const h = new Float32Array(states.length * width);
    const c = new Float32Array(states.length * width);
    for (const [l, state] of states.entries()) {
      if (state === null) continue;
      h.set(state.h, l * width);
      c.set(state.c, l * width);
    }
    return { h, c };
  }
}
