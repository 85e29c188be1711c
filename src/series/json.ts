/**
 * Records from JSON text pushed in chunks: newline-delimited objects, or one array of objects. Objects are cut out by
 * counting brackets and parsed one at a time, so neither the text nor the array is ever held as a whole.
 */
import { inputError } from '../errors.js';
import { MAX_LINE } from './decode.js';
import { at, type Place, quoted } from './place.js';

/** An object of the text, and the line it starts on. */
export interface LocatedRecord {
  readonly record: Readonly<Record<string, unknown>>;
  readonly line: number;
}

const QUOTE = 34;
const COMMA = 44;
const OPEN_ARRAY = 91;
const BACKSLASH = 92;
const CLOSE_ARRAY = 93;
const OPEN = 123;
const CLOSE = 125;

/** Errors: input `bad_json`. */
export class JsonReader {
  readonly #place: Place;
  #line = 1;
  #inArray = false;
  #ended = false;
  #started = false;
  /** In an array: an object may not follow an object without a comma. */
  #needsComma = false;
  /** The object being read: its text so far, bracket depth, and whether the last character was in a string or a backslash in one. */
  #text = '';
  #start = 1;
  #depth = 0;
  #inString = false;
  #escaped = false;

  constructor(place: Place) {
    this.#place = place;
  }

  /** Objects that are complete so far. */
  push(text: string): LocatedRecord[] {
    const found: LocatedRecord[] = [];
    let from = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === 10) this.#line++;
      if (this.#depth === 0) {
        if (this.#between(code)) from = i;
      } else if (this.#inside(code)) {
        found.push({ record: this.#parse(this.#text + text.slice(from, i + 1)), line: this.#start });
        this.#text = '';
        this.#needsComma = this.#inArray;
      }
    }
    if (this.#depth > 0) this.#text += text.slice(from);
    if (this.#text.length > MAX_LINE)
      throw this.#bad(this.#start, `an object longer than ${MAX_LINE} characters`, 'one small object per row');
    return found;
  }

  finish(): void {
    if (this.#depth > 0) throw this.#bad(this.#start, 'an object that does not end', 'a closing }');
    if (this.#inArray && !this.#ended) throw this.#bad(this.#line, 'an array that does not end', 'a closing ]');
  }

  /** One character outside objects. True where it opens one. */
  #between(code: number): boolean {
    if (code <= 32) return false;
    const first = !this.#started;
    this.#started = true;
    if (code === OPEN && !this.#ended && !this.#needsComma) {
      this.#depth = 1;
      this.#start = this.#line;
      return true;
    }
    if (code === OPEN_ARRAY && first) this.#inArray = true;
    else if (code === CLOSE_ARRAY && this.#inArray && !this.#ended) this.#ended = true;
    else if (code === COMMA && this.#needsComma) this.#needsComma = false;
    else
      throw this.#bad(
        this.#line,
        quoted(String.fromCharCode(code)),
        'one object per row, in an array or on its own line',
      );
    return false;
  }

  /** One character inside an object. True where it closes it. */
  #inside(code: number): boolean {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (code === BACKSLASH) this.#escaped = true;
      else if (code === QUOTE) this.#inString = false;
    } else if (code === QUOTE) this.#inString = true;
    else if (code === OPEN || code === OPEN_ARRAY) this.#depth++;
    else if (code === CLOSE || code === CLOSE_ARRAY) this.#depth--;
    return this.#depth === 0;
  }

  #parse(text: string): Record<string, unknown> {
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw this.#bad(this.#start, quoted(text), 'a JSON object', cause);
    }
  }

  #bad(line: number, got: string, needed: string, cause?: unknown): Error {
    return inputError('bad_json', `${at(this.#place, line)} has ${got}; needed ${needed}. Correct the text.`, cause);
  }
}
