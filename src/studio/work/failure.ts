/** An error of a worker as it is told to the window. */
import { TidegateError } from '../../errors.js';
import type { Failure } from './call.js';

export function failureOf(error: unknown): Failure {
  if (error instanceof TidegateError) return { kind: error.kind, code: error.code, message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  return { kind: 'fault', code: 'internal_error', message };
}
