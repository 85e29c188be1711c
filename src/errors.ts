/**
 * Every failure that a user can meet, as data: a stable `code` that programs may test, and one line that says
 * what was got, what is needed and what to do. The command line turns `kind` into its exit status.
 */

/** `usage`: wrong options (status 2). `input`: the data or file is at fault (status 3). `interrupted`: the caller aborted (130). */
export type ErrorKind = 'usage' | 'input' | 'interrupted';

/** Base of all errors that Tidegate throws on purpose. `String(error)` is `code: message`. */
export class TidegateError extends Error {
  readonly kind: ErrorKind;
  readonly code: string;

  constructor(kind: ErrorKind, code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'TidegateError';
    this.kind = kind;
    this.code = code;
  }

  override toString(): string {
    return `${this.code}: ${this.message}`;
  }
}

/** A wrong option or argument: the caller must change the call. */
export function usageError(code: string, message: string): TidegateError {
  return new TidegateError('usage', code, message);
}

/** Data or a file that cannot be used as it is: the caller must change the data, or say how to read it. */
export function inputError(code: string, message: string, cause?: unknown): TidegateError {
  return new TidegateError('input', code, message, cause === undefined ? undefined : { cause });
}

/** The caller's AbortSignal fired. Nothing was written. */
export function interruptedError(): TidegateError {
  return new TidegateError('interrupted', 'interrupted', 'stopped before the end; nothing was written');
}
