/** The sizes of a batch of sequences in a cell: T steps, B sequences side by side, D inputs, H hidden units. */
export interface SequenceSizes {
  T: number;
  B: number;
  D: number;
  H: number;
}
