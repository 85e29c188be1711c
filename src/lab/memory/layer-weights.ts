/** The weights of one recurrent layer in the form that the textbook cells take, from arrays under PyTorch's names. */

/** Recurrent cells that the lab looks into. */
export type MemoryCell = 'rnn' | 'leaky' | 'gru' | 'lstm';

/**
 * Wx [G·H,D], Wh [G·H,H] with G gates in PyTorch's order (LSTM i f g o; GRU r z n, reset-after).
 * - `leaky`, and `rnn` as its case λ = 1 (bit for bit the same): b [H], leak [H].
 * - `gru`: two biases, bx and bh [3H]. `lstm`: one, b [4H]; without its forget gate it is the form of 1997, f ≡ 1.
 */
export type LayerWeights = { readonly Wx: Float64Array; readonly Wh: Float64Array; readonly hiddenSize: number } & (
  | {
      readonly cell: 'rnn' | 'leaky';
      readonly b: Float64Array;
      readonly leak: Float64Array;
      readonly nonlinearity: 'tanh' | 'relu';
    }
  | { readonly cell: 'gru'; readonly bx: Float64Array; readonly bh: Float64Array }
  | { readonly cell: 'lstm'; readonly b: Float64Array; readonly forgetGate: boolean }
);

/** What the arrays alone do not tell. */
export interface LayerForm {
  readonly nonlinearity?: 'tanh' | 'relu' | undefined;
  readonly forgetGate?: boolean | undefined;
}

/**
 * The weights of a layer.
 * @param find an array by its name without the layer's number: `weight_ih`, `weight_hh`, `bias_ih`, `bias_hh`, `leak`
 */
export function layerWeights(
  cell: MemoryCell,
  hiddenSize: number,
  find: (name: string) => ArrayLike<number> | undefined,
  { nonlinearity = 'tanh', forgetGate = true }: LayerForm = {},
): LayerWeights {
  const H = hiddenSize;
  const gates = { rnn: 1, leaky: 1, gru: 3, lstm: 4 }[cell];
  const take = (name: string, size: number) => {
    const found = find(name);
    return found ? Float64Array.from(found) : new Float64Array(size);
  };
  const shared = { Wx: take('weight_ih', 0), Wh: take('weight_hh', 0), hiddenSize };
  const bx = take('bias_ih', gates * H);
  const bh = take('bias_hh', gates * H);
  if (cell === 'gru') return { cell, ...shared, bx, bh };
  const b = bx.map((value, k) => value + bh[k]);
  if (cell === 'lstm') return { cell, ...shared, b, forgetGate };
  const leaks = cell === 'leaky' ? take('leak', 1) : Float64Array.of(1);
  const leak = leaks.length === H ? leaks : new Float64Array(H).fill(leaks[0]);
  return { cell, ...shared, b, leak, nonlinearity };
}
