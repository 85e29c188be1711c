/** SQL through DuckDB, where the optional package @duckdb/node-api is installed. */
import type { DuckDBResult, DuckDBValue } from '@duckdb/node-api';
import { inputError, type TidegateError, usageError } from '../errors.js';
import { loadFailure } from './node-optional.js';

/** The result of a query: runs of rows, each an array in the order of the columns. */
export interface SqlTable {
  readonly columns: readonly string[];
  /** By column: its Date objects are wall-clock times without a zone, read as UTC. */
  readonly zoneless: readonly boolean[];
  /** Ends the connection at the end, or when it is left early. */
  readonly rows: AsyncGenerator<unknown[][]>;
}

type DuckDB = typeof import('@duckdb/node-api');

/**
 * Runs a query in a database in memory; files are named in the query (`from 'sales/*.parquet'`). Of several statements
 * the last gives the rows, which come as they are computed.
 * Errors: usage `duckdb_missing`, `bad_sql`; input `sql_failed` for what the query reads.
 */
export async function runSql(sql: string): Promise<SqlTable> {
  const duckdb = await loadDuckDB();
  const instance = await duckdb.DuckDBInstance.create(':memory:').catch(rethrow);
  const connection = await instance.connect().catch(rethrow);
  const close = () => {
    connection.closeSync();
    instance.closeSync();
  };
  try {
    const result = await connection.stream(sql);
    return {
      columns: result.columnNames(),
      zoneless: result.columnTypes().map((type) => /^(DATE|TIMESTAMP)(?!.*WITH TIME ZONE)/.test(`${type}`)),
      rows: rowsOf(duckdb, result, close),
    };
  } catch (error) {
    close();
    throw sqlError(error);
  }
}

async function loadDuckDB(): Promise<DuckDB> {
  try {
    return await import('@duckdb/node-api');
  } catch (error) {
    throw usageError(
      'duckdb_missing',
      `SQL needs the optional package @duckdb/node-api, ${loadFailure(error)}. Run npm install @duckdb/node-api, or give a file.`,
    );
  }
}

async function* rowsOf(duckdb: DuckDB, result: DuckDBResult, close: () => void): AsyncGenerator<unknown[][]> {
  const convert = cellConverter(duckdb);
  try {
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) return;
      const columns = chunk.getColumns();
      yield Array.from({ length: chunk.rowCount }, (_, row) => columns.map((column) => convert(column[row])));
    }
  } catch (error) {
    throw sqlError(error);
  } finally {
    close();
  }
}

/** Plain cells: numbers where they are exact, texts, booleans, Date objects; else what DuckDB writes. */
function cellConverter(duckdb: DuckDB): (value: DuckDBValue) => unknown {
  // Exact to the millisecond as a Date; finer stamps and infinity stay text, which reading stamps refuses.
  const date = (value: DuckDBValue, ticks: bigint, perMs: bigint) =>
    ticks % perMs === 0n ? new Date(Number(ticks / perMs)) : `${value}`;
  return (value) => {
    if (value === null || typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean')
      return value;
    if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    if (value instanceof duckdb.DuckDBTimestampValue || value instanceof duckdb.DuckDBTimestampTZValue)
      return date(value, value.micros, 1000n);
    if (value instanceof duckdb.DuckDBDateValue) return new Date(value.days * 86_400_000);
    if (value instanceof duckdb.DuckDBTimestampNanosecondsValue) return date(value, value.nanos, 1_000_000n);
    if (value instanceof duckdb.DuckDBTimestampMillisecondsValue) return date(value, value.millis, 1n);
    if (value instanceof duckdb.DuckDBTimestampSecondsValue) return date(value, value.seconds * 1000n, 1n);
    if (value instanceof duckdb.DuckDBDecimalValue) return Number(`${value.value}e-${value.scale}`);
    return `${value}`;
  };
}

/** A mistake in the query is wrong usage; what it cannot read is bad input. */
function sqlError(error: unknown): TidegateError {
  const line = firstLine(error);
  const message = `the query cannot be run: ${line}${/[.!?]$/.test(line) ? '' : '.'}`;
  return /(Parser|Binder|Catalog) Error/.test(line)
    ? usageError('bad_sql', `${message} Correct --sql.`)
    : inputError('sql_failed', `${message} Check what it reads.`, error);
}

function rethrow(error: unknown): never {
  throw sqlError(error);
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split(/\s*\n/, 1)[0];
}
