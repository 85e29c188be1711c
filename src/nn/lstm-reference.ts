/** A stack of LSTM layers over the textbook cells, in float64. */
import { type LstmParameters, type LstmTrace, lstmBackward, lstmForward } from '../cells/lstm.js';
import type { SequenceSizes } from '../cells/sequence-sizes.js';
import type { LayerArrays, LstmBackend, StatePair } from './lstm-backend.js';

/** One layer's part of a forward pass. */
interface Pass {
  parameters: LstmParameters;
  sizes: SequenceSizes;
  x: Float64Array;
  trace: LstmTrace;
}

export class ReferenceLstm implements LstmBackend<Float64Array> {
  readonly #inputSize: number;
  readonly #hiddenSize: number;
  #parameters: LstmParameters[] = [];
  #passes: Pass[] = [];

  constructor(inputSize: number, hiddenSize: number) {
    this.#inputSize = inputSize;
    this.#hiddenSize = hiddenSize;
  }

  setParameters(layers: readonly LayerArrays<Float64Array>[]): void {
    this.#parameters = layers.map(({ weight_ih, weight_hh, bias }) => ({ Wx: weight_ih, Wh: weight_hh, b: bias }));
  }

  forward(x: Float64Array, state: StatePair<Float64Array>, steps: number, batch: number) {
    this.#passes = this.#run(x, state, steps, batch);
    return this.#results(this.#passes);
  }

  step(x: Float64Array, state: StatePair<Float64Array>, batch: number) {
    return this.#results(this.#run(x, state, 1, batch));
  }

  backward(dOutput: Float64Array, dState: StatePair<Float64Array>) {
    const dh = new Float64Array(dState.h.length);
    const dc = new Float64Array(dState.c.length);
    const layers: LayerArrays<Float64Array>[] = [];
    let dy = dOutput;
    for (const [l, { parameters, sizes, x, trace }] of [...this.#passes.entries()].reverse()) {
      const { T, B, D, H } = sizes;
      const [from, to] = [l * B * H, (l + 1) * B * H];
      const gradients = {
        dx: new Float64Array(T * B * D),
        dh0: dh.subarray(from, to),
        dc0: dc.subarray(from, to),
        dz: new Float64Array(T * B * 4 * H),
        dWx: new Float64Array(4 * H * D),
        dWh: new Float64Array(4 * H * H),
        db: new Float64Array(4 * H),
      };
      const [dhT, dcT] = [dState.h.subarray(from, to), dState.c.subarray(from, to)];
      lstmBackward(gradients, dy, dhT, dcT, trace, x, parameters, sizes);
      layers[l] = { weight_ih: gradients.dWx, weight_hh: gradients.dWh, bias: gradients.db };
      dy = gradients.dx;
    }
    return { dInput: dy, dState: { h: dh, c: dc }, layers };
  }

  #run(x: Float64Array, state: StatePair<Float64Array>, T: number, B: number): Pass[] {
    const H = this.#hiddenSize;
    const passes: Pass[] = [];
    // A copy: backward needs the input as it was.
    let input = x.slice();
    for (const [l, parameters] of this.#parameters.entries()) {
      const sizes = { T, B, D: l === 0 ? this.#inputSize : H, H };
      const trace = {
        h: new Float64Array((T + 1) * B * H),
        c: new Float64Array((T + 1) * B * H),
        gates: new Float64Array(T * B * 4 * H),
      };
      const [h0, c0] = [state.h, state.c].map((all) => all.subarray(l * B * H, (l + 1) * B * H));
      lstmForward(trace, input, h0, c0, parameters, sizes);
      passes.push({ parameters, sizes, x: input, trace });
      input = trace.h.subarray(B * H);
    }
    return passes;
  }

  /** The top layer's output, and the last row of every layer's states. */
  #results(passes: readonly Pass[]) {
    const { B, H, T } = passes[0].sizes;
    const h = new Float64Array(passes.length * B * H);
    const c = new Float64Array(passes.length * B * H);
    for (const [l, { trace }] of passes.entries()) {
      h.set(trace.h.subarray(T * B * H), l * B * H);
      c.set(trace.c.subarray(T * B * H), l * B * H);
    }
    return { output: passes[passes.length - 1].trace.h.slice(B * H), state: { h, c } };
  }
}
