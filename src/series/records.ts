/** Records (objects by column name) as batches of rows. */
import { inputError } from '../errors.js';
import { type Batch, SAMPLE_ROWS } from './batch.js';
import { JsonReader, type LocatedRecord } from './json.js';
import { at, type Place } from './place.js';

type Input = readonly Record<string, unknown>[] | AsyncIterable<Record<string, unknown>>;

/** Records of JSON text: an array of objects, or one object per line. */
export async function* parseRecords(text: AsyncIterable<string>, place: Place): AsyncGenerator<LocatedRecord[]> {
  const reader = new JsonReader(place);
  for await (const chunk of text) yield reader.push(chunk);
  reader.finish();
}

/** Numbers the records that a program handed over. */
export async function* locateRecords(records: Input): AsyncGenerator<LocatedRecord[]> {
  let line = 0;
  let run: LocatedRecord[] = [];
  for await (const record of records) {
    run.push({ record, line: ++line });
    if (run.length === SAMPLE_ROWS) {
      yield run;
      run = [];
    }
  }
  yield run;
}

/**
 * Batches with the columns that the first records have; what later ones add is left out, and what one lacks is
 * missing. Errors: input `bad_row` for what is no object of plain values.
 */
export async function* batchRecords(runs: AsyncIterable<LocatedRecord[]>, place: Place): AsyncGenerator<Batch> {
  let sample: LocatedRecord[] = [];
  let columns: readonly string[] | undefined;
  for await (const run of runs) {
    if (columns !== undefined) {
      yield toBatch(run, columns, place);
      continue;
    }
    sample = sample.concat(run);
    if (sample.length >= SAMPLE_ROWS) {
      columns = columnsOf(sample, place);
      yield toBatch(sample, columns, place);
      sample = [];
    }
  }
  if (sample.length > 0) yield toBatch(sample, columnsOf(sample, place), place);
}

function columnsOf(sample: readonly LocatedRecord[], place: Place): readonly string[] {
  const names = new Set<string>();
  for (const { record, line } of sample) {
    if (typeof record !== 'object' || record === null || Array.isArray(record)) throw badRecord(line, place);
    for (const name of Object.keys(record)) names.add(name);
  }
  return [...names];
}

function toBatch(run: readonly LocatedRecord[], columns: readonly string[], place: Place): Batch {
  const cells = run.map(({ record, line }) => {
    if (typeof record !== 'object' || record === null) throw badRecord(line, place);
    return columns.map((name) => {
      const value = Object.hasOwn(record, name) ? record[name] : undefined;
      if (typeof value === 'object' && value !== null && !(value instanceof Date)) throw badRecord(line, place, name);
      return value;
    });
  });
  return { columns, cells, lines: run.map(({ line }) => line), decimalComma: false };
}

function badRecord(line: number, place: Place, column?: string): Error {
  const got = column === undefined ? 'no object' : 'a list or object';
  return inputError(
    'bad_row',
    `${at(place, line, column)} has ${got}; needed a text, number or null under every column name. Correct the record.`,
  );
}
