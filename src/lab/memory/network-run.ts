/** A stack of recurrent layers that has read one sequence: the Jacobians of its whole state, step by step. */
import { type LayerRun, runLayer } from './layer-run.js';
import type { LayerWeights } from './layer-weights.js';

/** `short` is a famous mistake (docs/math.md, section 3), here to be compared with. */
export type Bptt = 'complete' | 'short';

/** The whole state is that of all layers end to end, lowest first: [h; C] or h of each. */
export class NetworkRun {
  readonly layers: readonly LayerRun[];
  readonly steps: number;
  readonly stateSize: number;
  /** Where each layer's part of the state begins. */
  readonly offsets: readonly number[];
  /** By layer: what goes through its inputs. */
  readonly #through: readonly Float64Array[];

  /** @param x [T][D], read from a zero state */
  constructor(weights: readonly LayerWeights[], x: Float64Array) {
    const layers: LayerRun[] = [];
    for (const one of weights) {
      const below = layers.at(-1);
      layers.push(runLayer(one, below ? below.h.subarray(below.hiddenSize) : x));
    }
    this.layers = layers;
    this.steps = layers[0].steps;
    let size = 0;
    this.offsets = layers.map(({ stateSize }) => {
      size += stateSize;
      return size - stateSize;
    });
    this.stateSize = size;
    this.#through = layers.map(({ inputSize }) => new Float64Array(inputSize));
  }

  /** A layer's part of a vector over the whole state. */
  part(d: Float64Array, layer: number): Float64Array {
    return d.subarray(this.offsets[layer], this.offsets[layer] + this.layers[layer].stateSize);
  }

  /** In place d ← (∂s_t/∂s_{t−1})ᵀ·d. @param carry see LayerRun */
  pullBack(t: number, d: Float64Array, carry = true): void {
    for (let layer = this.layers.length - 1; layer >= 0; layer--) {
      const own = this.part(d, layer);
      const above = this.#through[layer + 1];
      if (above) for (let j = 0; j < above.length; j++) own[j] += above[j];
      this.layers[layer].pullBack(t, own, this.#through[layer], carry);
    }
  }

  /** In place v ← ∂s_t/∂s_{t−1}·v. */
  pushForward(t: number, v: Float64Array): void {
    let below: Float64Array | null = null;
    for (let layer = 0; layer < this.layers.length; layer++) {
      const own = this.part(v, layer);
      this.layers[layer].pushForward(t, own, below);
      below = own.subarray(0, this.layers[layer].hiddenSize);
    }
  }
}
