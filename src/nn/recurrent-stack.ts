/** Layers on top of each other, in one or both directions, with dropout between them. */
import type { NamedValues, Numbers } from './cell-runner.js';
import { type Allocate, type Direction, type DirectionPass, mapValues, rowsOf } from './direction.js';
import { applyMask, type Dropout, drawMask } from './dropout.js';
import { gatherRows, type Packing, scatterRows } from './packing.js';

/** `output` [T,B,directions·R], zero beyond a sequence's length; final states [layers·directions,B,·]; and the way back. */
export interface StackPass<V> {
  readonly output: V;
  readonly state: Record<string, V>;
  /** The gradients are those of the arrays that the cells compute with, per layer and direction. May be called again. */
  backward(dOutput: V, dState: NamedValues<V>): { dInput: V; dState: Record<string, V>; gradients: NamedValues<V>[] };
}

/** What the way back needs of a layer. */
interface LayerPass<V> {
  directions: DirectionPass<V>[];
  /** What its output was multiplied with on the way up. */
  mask: V | undefined;
}

export class RecurrentStack<V extends Numbers> {
  /** Lowest layer first; forward before reverse. */
  readonly layers: readonly (readonly Direction<V>[])[];
  readonly #widths: Readonly<Record<string, number>>;
  readonly #allocate: Allocate<V>;

  /** @param widths of the cell's states */
  constructor(
    layers: readonly (readonly Direction<V>[])[],
    widths: Readonly<Record<string, number>>,
    allocate: Allocate<V>,
  ) {
    this.layers = layers;
    this.#widths = widths;
    this.#allocate = allocate;
  }

  /** x [T,B,D]; initial states [layers·directions,B,·]; `dropout` undefined: none. */
  forward(x: V, state: NamedValues<V>, packing: Packing, dropout: Dropout | undefined): StackPass<V> {
    const { rows, order } = packing;
    const final = mapValues(state, ({ length }) => this.#allocate(length));
    const passes: LayerPass<V>[] = [];
    let y = this.#gathered(x, this.layers[0][0].inputSize, packing);
    for (const [l, layer] of this.layers.entries()) {
      const directions = layer.map((direction, d) => {
        const row = l * layer.length + d;
        const rate = dropout?.recurrent ?? 0;
        const masks =
          dropout && rate > 0
            ? drawMask(this.#allocate(order.length * this.#widths.h), rate, dropout.random)
            : undefined;
        const pass = direction.forward(y, this.#stateOf(state, row, order), packing, masks);
        this.#setState(final, pass.state, row, order);
        return pass;
      });
      const outputs = directions.map(({ output }) => output);
      y = this.#joined(outputs, rows.length);
      const dropped = dropout !== undefined && dropout.betweenLayers > 0 && l < this.layers.length - 1;
      const mask = dropped ? drawMask(this.#allocate(y.length), dropout.betweenLayers, dropout.random) : undefined;
      if (mask) applyMask(y, mask);
      passes.push({ directions, mask });
    }
    return {
      output: this.#scattered(y, packing),
      state: final,
      backward: (dOutput, dState) => this.#backward(passes, dOutput, dState, packing),
    };
  }

  /**
   * One streaming step of a stack in one direction: x [B,D] → output [B,R], states [layers,B,·]. Nothing is dropped.
   *
   * @param parameters of each layer; the present ones when left out
   */
  step(
    x: V,
    state: NamedValues<V>,
    batch: number,
    parameters: readonly NamedValues<V>[] = this.layers.map(([direction]) => direction.parameters),
  ): { output: V; state: Record<string, V> } {
    const order = Int32Array.from({ length: batch }, (_, b) => b);
    const final = mapValues(state, ({ length }) => this.#allocate(length));
    let y = x;
    for (const [l, [direction]] of this.layers.entries()) {
      const result = direction.step(y, this.#stateOf(state, l, order), batch, parameters[l]);
      this.#setState(final, result.state, l, order);
      y = result.output;
    }
    return { output: y.slice() as V, state: final };
  }

  #backward(passes: readonly LayerPass<V>[], dOutput: V, dState: NamedValues<V>, packing: Packing) {
    const { rows, order } = packing;
    const gradients: NamedValues<V>[] = [];
    const initial = mapValues(dState, ({ length }) => this.#allocate(length));
    let dy = this.#gathered(dOutput, passes[0].directions.length * this.#widths.h, packing);
    for (const [l, { directions, mask }] of [...passes.entries()].reverse()) {
      if (mask) applyMask(dy, mask);
      const parts = this.#split(dy, directions.length, rows.length);
      const below = directions.map((pass, d) => {
        const row = l * directions.length + d;
        const back = pass.backward(parts[d], this.#stateOf(dState, row, order));
        this.#setState(initial, back.dState, row, order);
        gradients[row] = back.gradients;
        return back.dInput;
      });
      dy = sum(below);
    }
    return { dInput: this.#scattered(dy, packing), dState: initial, gradients };
  }

  /** A packed copy. */
  #gathered(padded: V, width: number, { rows, whole }: Packing): V {
    return whole ? (padded.slice() as V) : gatherRows(this.#allocate(rows.length * width), padded, width, rows);
  }

  #scattered(packed: V, { rows, paddedRows, whole }: Packing): V {
    if (whole) return packed;
    const width = packed.length / rows.length;
    return scatterRows(this.#allocate(paddedRows * width), packed, width, rows);
  }

  /** Outputs [rows,R] of the directions side by side. */
  #joined(outputs: readonly V[], rows: number): V {
    return outputs.length === 1
      ? outputs[0]
      : sideBySide(this.#allocate(outputs.length * outputs[0].length), outputs, rows);
  }

  /** What `#joined` put together. */
  #split(values: V, parts: number, rows: number): V[] {
    if (parts === 1) return [values];
    return Array.from({ length: parts }, (_, p) =>
      columnsOf(this.#allocate(values.length / parts), values, p, parts, rows),
    );
  }

  /** Row `row` of all states, its sequences in the order of the packing. */
  #stateOf(states: NamedValues<V>, row: number, order: Int32Array): NamedValues<V> {
    return mapValues(states, (values, name) => {
      const width = this.#widths[name];
      const own = rowsOf(values, row * order.length, order.length, width);
      return gatherRows(this.#allocate(own.length), own, width, order);
    });
  }

  #setState(states: NamedValues<V>, own: NamedValues<V>, row: number, order: Int32Array): void {
    for (const [name, values] of Object.entries(own)) {
      const width = this.#widths[name];
      scatterRows(rowsOf(states[name], row * order.length, order.length, width), values, width, order);
    }
  }
}

/** The sum of arrays of one length, in the first of them. */
function sum<V extends Numbers>([first, ...others]: readonly V[]): V {
  for (const values of others) for (let k = 0; k < first.length; k++) first[k] += values[k];
  return first;
}

/** out [rows,parts·width]: each row the rows of the parts [rows,width] one after the other. */
function sideBySide<V extends Numbers>(out: V, parts: readonly V[], rows: number): V {
  const width = parts[0].length / rows;
  for (const [p, values] of parts.entries())
    for (let r = 0; r < rows; r++)
      for (let k = 0; k < width; k++) out[(r * parts.length + p) * width + k] = values[r * width + k];
  return out;
}

/** out [rows,width]: part p of `parts` of what sideBySide put together. */
function columnsOf<V extends Numbers>(out: V, values: V, p: number, parts: number, rows: number): V {
  const width = out.length / rows;
  for (let r = 0; r < rows; r++)
    for (let k = 0; k < width; k++) out[r * width + k] = values[(r * parts + p) * width + k];
  return out;
}
