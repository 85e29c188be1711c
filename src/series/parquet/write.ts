/** Tables as Parquet files that pandas, Polars, DuckDB and R read as they are. */
import type { SchemaElement } from 'hyparquet';
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import type { TimeAxis } from '../frame.js';
import { zoneMinutes } from '../timestamp.js';

/** A column and what its values are. Numbers may be NaN; texts and times are complete. */
export type OutputColumn =
  | { readonly name: string; readonly kind: 'text'; readonly values: readonly string[] }
  | { readonly name: string; readonly kind: 'number' | 'integer'; readonly values: Float64Array }
  /** Milliseconds since 1970: of the wall clock, or as an instant. */
  | { readonly name: string; readonly kind: 'wall-clock' | 'instant'; readonly values: Float64Array };

/** A whole file, compressed with Snappy. The same columns give the same bytes. */
export function encodeParquet(columns: readonly OutputColumn[]): Uint8Array {
  const buffer = parquetWriteBuffer({
    schema: [{ name: 'root', num_children: columns.length }, ...columns.map(elementOf)],
    columnData: columns.map((column) => ({ name: column.name, ...stored(column) })),
    createdBy: 'tidegate',
  });
  return new Uint8Array(buffer);
}

/** Times of an axis: without a zone where the input had none, instants in UTC where it had one, or integer steps. */
export function timeColumn(name: string, times: Float64Array, { kind, zone }: TimeAxis): OutputColumn {
  const behind = zoneMinutes(zone) * 60_000;
  const stored = kind === 'integer' ? 'integer' : zone === '' ? 'wall-clock' : 'instant';
  return { name, kind: stored, values: behind === 0 ? times : times.map((wall) => wall - behind) };
}

/** Texts repeat, so they get a dictionary; looking for one among numbers would take most of the time. */
function stored(column: OutputColumn): Pick<ColumnSource, 'data' | 'encoding'> {
  if (column.kind === 'text') return { data: column.values as string[] };
  const whole = column.kind !== 'number';
  return { data: whole ? BigInt64Array.from(column.values, BigInt) : column.values, encoding: 'PLAIN' };
}

function elementOf({ name, kind }: OutputColumn): SchemaElement {
  const required = { name, repetition_type: 'REQUIRED' } as const;
  switch (kind) {
    case 'text':
      return { ...required, type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } };
    case 'number':
      return { ...required, type: 'DOUBLE' };
    case 'integer':
      return { ...required, type: 'INT64' };
    default:
      return {
        ...required,
        type: 'INT64',
        logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: kind === 'instant', unit: 'MILLIS' },
      };
  }
}
