/** What an LSTM layer needs from whatever computes it. Sizes are checked before; every array given out is the caller's own. */

/** Long-term and short-term state of all layers, each [layers,B,H]. */
export interface StatePair<V> {
  h: V;
  c: V;
}

/** The parameters of one layer, or their gradients: [4H,D], [4H,H], [4H], gate order i f g o, the two biases added up. */
export interface LayerArrays<V> {
  weight_ih: V;
  weight_hh: V;
  bias: V;
}

export interface LstmBackend<V> {
  /** New values for the parameters of every layer, lowest first. The arrays are not changed by the caller afterwards. */
  setParameters(layers: readonly LayerArrays<V>[]): void;
  /** x [T,B,D] → output [T,B,H]. Remembers what backward needs. */
  forward(x: V, state: StatePair<V>, steps: number, batch: number): { output: V; state: StatePair<V> };
  /** x [B,D] → output [B,H]. Leaves what forward remembered alone. */
  step(x: V, state: StatePair<V>, batch: number): { output: V; state: StatePair<V> };
  /** The gradients of the last forward pass; dOutput [T,B,H]. May be called again. */
  backward(dOutput: V, dState: StatePair<V>): { dInput: V; dState: StatePair<V>; layers: LayerArrays<V>[] };
}
