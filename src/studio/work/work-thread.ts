/** The worker that holds the data and the model of the page: the window asks it for what is to be seen. */
import { TidegateError } from '../../errors.js';
import { type Failure, serveCalls } from './call.js';
import * as desk from './desk.js';

serveCalls(desk, (error): Failure => {
  if (error instanceof TidegateError) return { kind: error.kind, code: error.code, message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  return { kind: 'fault', code: 'internal_error', message };
});
