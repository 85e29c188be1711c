/** A run of rows on their way from a reader (CSV, JSON, records) to the columns of a frame. */
export interface Batch {
  /** The same in every batch of one input. */
  readonly columns: readonly string[];
  /** One array per row, in the order of `columns`: text from CSV, any scalar from records. */
  readonly cells: readonly (readonly unknown[])[];
  /** Line (or row number) of each row in the input. */
  readonly lines: readonly number[];
  /** Numbers may be written `1,5`. */
  readonly decimalComma: boolean;
}

/** What a column is recognised by, before the rest is read. */
export const SAMPLE_ROWS = 1000;

/** Names of the columns that are needed, once it is known; null while all are. A source may leave out the others. */
export type Wanted = () => ReadonlySet<string> | null;
