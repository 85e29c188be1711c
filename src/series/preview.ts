/** A look at the first rows of a table: what there is to choose from, before anything is chosen. */
import { inputError } from '../errors.js';
import { type Batch, SAMPLE_ROWS } from './batch.js';
import { type ColumnLook, describeColumns } from './columns.js';
import { partsOf, type ReadSource } from './source.js';

export type { ColumnLook };

/** One column, by its first rows. */
export interface ColumnPreview {
  readonly name: string;
  /** What most of its values look like; `day-first`: dates like 01/02/2023, which nobody can read for sure. */
  readonly look: ColumnLook;
  /** Its first values that are not missing, as text; three at the most. */
  readonly examples: readonly string[];
}

const EXAMPLES = 3;

/**
 * The columns of a table by its first thousand rows. A stream is begun by that; text, bytes and a Blob can be read again.
 *
 * @param name of the input, for messages
 * @throws the input errors of `readSeries` that have to do with the form of the table, such as `empty_file not_text bad_row no_header`
 * @example
 * const [, y] = await previewColumns('ds,y\n2024-01-01,8\n2024-01-02,9\n');
 * y; // { name: 'y', look: 'number', examples: ['8', '9'] }
 */
export async function previewColumns(source: ReadSource, name = 'input'): Promise<ColumnPreview[]> {
  const sample: Batch[] = [];
  for (const open of partsOf(source, name)) {
    const { batches } = await open(() => null);
    let rows = 0;
    for await (const batch of batches) {
      sample.push(batch);
      rows += batch.cells.length;
      if (rows >= SAMPLE_ROWS) break;
    }
    break;
  }
  if (sample.length === 0)
    throw inputError('no_rows', `${name} has no rows; needed a header and at least one row of data. Add rows.`);
  return describeColumns(sample).map(({ name, look, values }) => ({
    name,
    look,
    examples: values.slice(0, EXAMPLES).map(textOf),
  }));
}

function textOf(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value);
}
