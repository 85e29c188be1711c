/** What a recurrent layer needs to know of its cell; one object per cell and variant says all of it. */
import type { LayerSpec } from '../engine/index.js';
import type { Random } from '../random.js';
import type { CellPass, NamedValues, PassSizes } from './cell-runner.js';

/**
 * A cell as data, and its textbook form. It computes with `weight_ih` [G·H,D], `weight_hh` [G·H,R] and `bias` [G·H], G
 * being the number of gates and R the width of h, and with its `extras`.
 */
export interface RecurrentCell {
  /** The layer's name in messages. */
  readonly name: string;
  /** H. */
  readonly hiddenSize: number;
  /** G: how many matrices stand on top of each other in weight_ih and weight_hh. */
  readonly gates: number;
  /** Widths of the states; h is what the layer gives out. */
  readonly states: Readonly<Record<string, number>>;
  /** Shapes of the parameters beside weights and biases; they come after those. */
  readonly extras: Readonly<Record<string, readonly number[]>>;
  /**
   * Whether the last gate's part of PyTorch's bias_hh is an array of its own, `bias_hn` [H]. All other biases only ever
   * count as the sum of bias_ih and bias_hh.
   */
  readonly separateBias: boolean;
  /** The layer in the terms of the float32 engine. */
  spec(inputSize: number): LayerSpec;
  /** The textbook form: what `CellRunner.run` does, in float64. */
  run(
    parameters: NamedValues<Float64Array>,
    x: Float64Array,
    state: NamedValues<Float64Array>,
    sizes: PassSizes,
  ): CellPass<Float64Array>;
  /** Start values that are the cell's own, on top of what the initialisation gave the parameter `name`. */
  start(name: string, values: Float64Array, random: Random): void;
}
