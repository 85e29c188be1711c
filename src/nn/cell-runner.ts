/** What computes one layer in one direction, over sequences of one length: the textbook cells or the float32 engine. */

export type Numbers = Float32Array | Float64Array;

/** Arrays by name: parameters, their gradients, or states. */
export type NamedValues<V> = Readonly<Record<string, V>>;

export interface PassSizes {
  readonly steps: number;
  readonly batch: number;
}

/** What one pass over x [T,B,D] gave: the output [T,B,R], the final states [B,·]; and the way back. */
export interface CellPass<V> {
  readonly output: V;
  readonly state: NamedValues<V>;
  /** May be called again. Overwrites nothing but adds to `gradients`, which have the names and lengths of the parameters. */
  backward(dOutput: V, dState: NamedValues<V>, gradients: NamedValues<V>): { dInput: V; dState: NamedValues<V> };
}

/**
 * Sizes are checked before. Arrays that come in may be kept and are never changed, by neither side: new parameters are
 * new arrays.
 */
export interface CellRunner<V> {
  /** Makes room for passes up to these sizes. Passes of before are not to be used any more. */
  prepare(sizes: PassSizes): void;
  run(parameters: NamedValues<V>, x: V, state: NamedValues<V>, sizes: PassSizes): CellPass<V>;
  /** One step of streaming use: x [B,D]. Leaves all passes as they are; needs no `prepare`. */
  step(parameters: NamedValues<V>, x: V, state: NamedValues<V>, batch: number): { output: V; state: NamedValues<V> };
}
