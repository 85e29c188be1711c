/**
 * Comma-separated values, pushed in as text chunks and given back as batches of rows. Papa Parse splits blocks of
 * whole lines; around it are what a stream needs: block borders inside quoted fields, the line of every row in the
 * file, and errors where Papa Parse is lenient.
 */
import Papa from 'papaparse';
import { inputError } from '../errors.js';
import type { Batch } from './batch.js';
import { MAX_LINE } from './decode.js';
import { at, listed, type Place, quoted } from './place.js';
import { parseTimestamp } from './timestamp.js';
import { readNumber } from './values.js';

/** Text is split in blocks of about this many characters. */
const BLOCK = 1 << 16;

const DELIMITERS = ['\t', ';', ','] as const;
type Delimiter = (typeof DELIMITERS)[number];

/** The delimiter that is most frequent in the header, outside quotes, tabs before semicolons before commas; a comma where there is none. */
export function sniffDelimiter(text: string): Delimiter {
  const counts: Record<Delimiter, number> = { ',': 0, ';': 0, '\t': 0 };
  let inQuotes = false;
  for (const char of text) {
    if (char === '"') inQuotes = !inQuotes;
    else if (inQuotes) continue;
    else if (char === '\n') break;
    else if (char === ',' || char === ';' || char === '\t') counts[char]++;
  }
  const most = Math.max(...Object.values(counts));
  return most === 0 ? ',' : DELIMITERS.find((delimiter) => counts[delimiter] === most)!;
}

/**
 * A CSV file in the making: push its text in pieces, then finish.
 * Quoted fields may hold delimiters, newlines and doubled quotes; lines end in LF, CRLF or CR. Blank lines are
 * skipped, except between the values of a lone column, where they are missing values.
 * Errors: input `bad_row` (fields that do not match the header, damaged quotes), `no_header`, `duplicate_column`,
 * `not_text` (a line without end).
 */
export class CsvReader {
  readonly #place: Place;
  #columns: readonly string[] | undefined;
  #delimiter: Delimiter = ',';
  /** Text that is not split yet, and how long it must grow before it is worth another try. */
  #pending = '';
  #enough = BLOCK;
  /** The last chunk ended in CR, which may be half of a CRLF. */
  #afterReturn = false;
  /** Line of the first character of #pending. */
  #line = 1;
  /** How many blank lines came since the last row. */
  #blanks = 0;

  constructor(place: Place) {
    this.#place = place;
  }

  /** Rows that are complete so far; null when more text is needed. */
  push(text: string): Batch | null {
    this.#append(text);
    if (this.#pending.length < this.#enough) return null;
    const cut = this.#pending.lastIndexOf('\n');
    if (cut < 0) {
      this.#enough = 2 * this.#pending.length;
      if (this.#pending.length <= MAX_LINE) return null;
      throw inputError(
        'not_text',
        `${at(this.#place, this.#line)} is longer than ${MAX_LINE} characters; needed a table with one row per line. Check that the file is CSV.`,
      );
    }
    const block = this.#pending.slice(0, cut);
    this.#pending = this.#pending.slice(cut + 1);
    const batch = this.#split(block, false);
    this.#enough = Math.max(BLOCK, 2 * this.#pending.length);
    return batch;
  }

  /** The last rows; null where the text was empty or blank. */
  finish(): Batch | null {
    const block = this.#pending;
    this.#pending = '';
    return this.#split(block, true);
  }

  #append(text: string): void {
    let piece = text;
    if (this.#afterReturn && piece.startsWith('\n')) piece = piece.slice(1);
    if (text !== '') this.#afterReturn = text.endsWith('\r');
    this.#pending += piece.includes('\r') ? piece.replace(/\r\n?/g, '\n') : piece;
  }

  #split(block: string, last: boolean): Batch | null {
    if (this.#columns === undefined) this.#delimiter = sniffDelimiter(block.replace(/^\s*\n/, ''));
    const quotes = block.includes('"');
    // Papa gives no row for empty text, which is one blank line here.
    const { data, errors } =
      block === ''
        ? { data: [['']], errors: [] }
        : Papa.parse<string[]>(block, { delimiter: this.#delimiter, newline: '\n', quoteChar: '"' });
    const lines = quotes ? this.#linesOfQuoted(data) : data.map((_, i) => this.#line + i);
    let open = false;
    for (const error of errors) {
      const line = lines[error.row ?? 0];
      if (error.code === 'MissingQuotes' && !last) open = true;
      else if (error.code === 'MissingQuotes') throw this.#badRow(line, 'a quoted field that never ends');
      else throw this.#badRow(line, 'text after a closing quote');
    }
    if (open) this.#keepOpenRow(block, data, lines);
    else this.#line = lines[lines.length - 1] + 1 + (quotes ? newlinesIn(data[data.length - 1]) : 0);
    return this.#batch(data, lines);
  }

  #badRow(line: number, got: string): Error {
    return inputError(
      'bad_row',
      `${at(this.#place, line)} has ${got}; needed quotes around whole fields, doubled inside. Correct the line.`,
    );
  }

  /** A quoted field goes on after the block: the row it is in waits for more text. */
  #keepOpenRow(block: string, data: string[][], lines: number[]): void {
    data.pop();
    const line = lines.pop()!;
    let from = 0;
    for (let skip = line - this.#line; skip > 0; skip--) from = block.indexOf('\n', from) + 1;
    this.#pending = `${block.slice(from)}\n${this.#pending}`;
    this.#line = line;
    if (this.#pending.length > MAX_LINE) throw this.#badRow(line, 'a quoted field that does not end');
  }

  /** Line of every row, where a row may span several. */
  #linesOfQuoted(data: readonly string[][]): number[] {
    let line = this.#line;
    return data.map((row) => {
      const start = line;
      line += 1 + newlinesIn(row);
      return start;
    });
  }

  #batch(data: readonly string[][], lines: readonly number[]): Batch | null {
    const cells: string[][] = [];
    const cellLines: number[] = [];
    for (let i = 0; i < data.length; i++) {
      const row = data[i];
      if (isBlank(row)) {
        this.#blanks++;
      } else if (this.#columns === undefined) {
        this.#columns = this.#header(row, lines[i]);
        this.#blanks = 0;
      } else if (row.length !== this.#columns.length) {
        throw this.#fieldCount(row.length, lines[i]);
      } else {
        for (let blanks = this.#columns.length === 1 ? this.#blanks : 0; blanks > 0; blanks--) {
          cells.push(['']);
          cellLines.push(lines[i] - blanks);
        }
        this.#blanks = 0;
        cells.push(row);
        cellLines.push(lines[i]);
      }
    }
    if (this.#columns === undefined) return null;
    return { columns: this.#columns, cells, lines: cellLines, decimalComma: this.#delimiter !== ',' };
  }

  #fieldCount(fields: number, line: number): Error {
    const columns = this.#columns!.length;
    return inputError(
      'bad_row',
      `${at(this.#place, line)} has ${fields} field${fields === 1 ? '' : 's'}; the header has ${columns}. Correct the line, or quote fields that hold the delimiter ${quoted(this.#delimiter)}.`,
    );
  }

  #header(row: readonly string[], line: number): readonly string[] {
    const columns = row.map((name) => name.trim());
    const isValue = (name: string) => parseTimestamp(name) !== null || readNumber(name, true) !== null;
    if (columns.some((name) => name !== '') && columns.every(isValue)) {
      throw inputError(
        'no_header',
        `${at(this.#place, line)} holds values (${listed(columns)}); needed a header. Put column names such as ds,y above it.`,
      );
    }
    const seen = new Set<string>();
    const twice = columns.find((name) => name !== '' && seen.size === seen.add(name).size);
    if (twice !== undefined) {
      throw inputError(
        'duplicate_column',
        `${at(this.#place, line)} has two columns ${quoted(twice)}; needed different names. Rename one.`,
      );
    }
    return columns;
  }
}

function isBlank(row: readonly string[]): boolean {
  // The first cell decides for nearly every row.
  return row[0].trim() === '' && row.every((cell) => cell.trim() === '');
}

function newlinesIn(row: readonly string[]): number {
  let count = 0;
  for (const cell of row) for (let i = cell.indexOf('\n'); i >= 0; i = cell.indexOf('\n', i + 1)) count++;
  return count;
}
