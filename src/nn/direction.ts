/** One layer in one direction over packed sequences: cuts the pass into segments and carries the states through them. */
import type { CellPass, CellRunner, NamedValues, Numbers } from './cell-runner.js';
import { addMaskedColumns } from './dropout.js';
import { gatherRows, type Packing, type Segment } from './packing.js';

/** An array of zeros. */
export type Allocate<V> = (length: number) => V;

/** `output` [N,R] and final states [B,·], in the order of the packing; and the way back. */
export interface DirectionPass<V> {
  readonly output: V;
  readonly state: NamedValues<V>;
  /** May be called again. `dState` ends as the error at the initial states. */
  backward(dOutput: V, dState: NamedValues<V>): { dInput: V; dState: NamedValues<V>; gradients: NamedValues<V> };
}

export class Direction<V extends Numbers> {
  readonly inputSize: number;
  /** Whether it starts at each sequence's end. */
  readonly reversed: boolean;
  /** What the cell computes with. */
  parameters: NamedValues<V> = {};
  readonly #widths: Readonly<Record<string, number>>;
  readonly #runner: CellRunner<V>;
  readonly #allocate: Allocate<V>;

  /** @param widths of the cell's states */
  constructor(
    inputSize: number,
    reversed: boolean,
    widths: Readonly<Record<string, number>>,
    runner: CellRunner<V>,
    allocate: Allocate<V>,
  ) {
    this.inputSize = inputSize;
    this.reversed = reversed;
    this.#widths = widths;
    this.#runner = runner;
    this.#allocate = allocate;
  }

  /**
   * @param x [N,D], not changed afterwards
   * @param state initial states [B,·]; carried from segment to segment, and so ends as the final states
   * @param masks [B,R] on h_{t−1} for the recurrent weights: needs a packing in which every sequence is its own segment
   */
  forward(x: V, state: NamedValues<V>, packing: Packing, masks?: V): DirectionPass<V> {
    const { segments, rows } = packing;
    const width = this.#widths.h;
    const input = this.#turned(x, this.inputSize, packing);
    const output = this.#allocate(rows.length * width);
    this.#runner.prepare({
      steps: Math.max(...segments.map(({ steps }) => steps)),
      batch: Math.max(...segments.map(({ batch }) => batch)),
    });
    const passes = segments.map((segment) => {
      const { row, steps, batch } = segment;
      const own = rowsOf(input, row, steps * batch, this.inputSize);
      const pass = this.#runner.run(this.#weights(segment, masks), own, this.#states(state, segment), segment);
      output.set(pass.output, row * width);
      this.#setStates(state, pass.state, segment);
      return pass;
    });
    return {
      output: this.#turned(output, width, packing),
      state,
      backward: (dOutput, dState) => this.#backward(passes, dOutput, dState, packing, masks),
    };
  }

  /** One streaming step: x [B,D]; with the present parameters, or with others that this direction has had. */
  step(x: V, state: NamedValues<V>, batch: number, parameters = this.parameters): { output: V; state: NamedValues<V> } {
    return this.#runner.step(parameters, x, state, batch);
  }

  #backward(passes: readonly CellPass<V>[], dOutput: V, dState: NamedValues<V>, packing: Packing, masks?: V) {
    const { segments, rows } = packing;
    const width = this.#widths.h;
    const dy = this.#turned(dOutput, width, packing);
    const dx = this.#allocate(rows.length * this.inputSize);
    const gradients = mapValues(this.parameters, (values) => this.#allocate(values.length));
    for (const [s, segment] of [...segments.entries()].reverse()) {
      const { row, steps, batch } = segment;
      const own = rowsOf(dy, row, steps * batch, width);
      const mask = this.#mask(segment, masks);
      const sums = mask ? { ...gradients, weight_hh: this.#allocate(gradients.weight_hh.length) } : gradients;
      const back = passes[s].backward(own, this.#states(dState, segment), sums);
      if (mask) addMaskedColumns(gradients.weight_hh, sums.weight_hh, mask);
      dx.set(back.dInput, row * this.inputSize);
      this.#setStates(dState, back.dState, segment);
    }
    return { dInput: this.#turned(dx, this.inputSize, packing), dState, gradients };
  }

  /** The rows in the order in which this direction sees them, or back. */
  #turned(values: V, width: number, { mirrored }: Packing): V {
    return this.reversed ? gatherRows(this.#allocate(values.length), values, width, mirrored) : values;
  }

  /** The parameters, with a segment's mask in the recurrent weights. */
  #weights(segment: Segment, masks: V | undefined): NamedValues<V> {
    const mask = this.#mask(segment, masks);
    if (mask === undefined) return this.parameters;
    const { weight_hh } = this.parameters;
    return { ...this.parameters, weight_hh: addMaskedColumns(this.#allocate(weight_hh.length), weight_hh, mask) };
  }

  #mask({ place }: Segment, masks: V | undefined): V | undefined {
    return masks && rowsOf(masks, place, 1, this.#widths.h);
  }

  /** Copies of the states of a segment's sequences. */
  #states(states: NamedValues<V>, { place, batch }: Segment): NamedValues<V> {
    return mapValues(states, (values, name) => rowsOf(values, place, batch, this.#widths[name]).slice() as V);
  }

  /** Sequences that have ended keep theirs. */
  #setStates(states: NamedValues<V>, own: NamedValues<V>, { place }: Segment): void {
    for (const [name, values] of Object.entries(own)) states[name].set(values, place * this.#widths[name]);
  }
}

/** A view of rows of [·,width]. */
export function rowsOf<V extends Numbers>(values: V, first: number, count: number, width: number): V {
  return values.subarray(first * width, (first + count) * width) as V;
}

export function mapValues<V, W>(values: NamedValues<V>, map: (value: V, name: string) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value, name)]));
}
