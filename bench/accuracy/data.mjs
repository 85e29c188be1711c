/** The development sets on disk: tables in long format, their descriptions, their published figures. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** The text of `<set>/<part>.csv` or `.csv.gz`. */
export function readText(data, set, part) {
  const path = join(data, set, `${part}.csv`);
  return existsSync(path) ? readFileSync(path, 'utf8') : gunzipSync(readFileSync(`${path}.gz`)).toString('utf8');
}

/**
 * A table: { columns, series }, where series is a Map from id to its rows in order, [ds, y, …covariates] as text.
 * The files have no quoted fields; one would be refused.
 */
export function parseTable(text, name) {
  if (text.includes('"')) throw new Error(`${name}: quoted fields are not read here.`);
  const [header, ...lines] = text.trimEnd().split(/\r?\n/);
  const columns = header.split(',');
  if (columns.slice(0, 3).join() !== 'unique_id,ds,y') throw new Error(`${name}: its header is ${header}.`);
  const series = new Map();
  for (const line of lines) {
    const [id, ...row] = line.split(',');
    if (!series.has(id)) series.set(id, []);
    series.get(id).push(row);
  }
  return { columns, series };
}

/** The same table as CSV text. */
export function toText({ columns, series }) {
  const lines = [columns.join()];
  for (const [id, rows] of series) for (const row of rows) lines.push(`${id},${row.join()}`);
  return `${lines.join('\n')}\n`;
}

/** The values of rows as numbers, NaN where one is missing. */
export const valuesOf = (rows) => Float64Array.from(rows, ([, y]) => (y === '' ? Number.NaN : Number(y)));
