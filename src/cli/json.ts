/** The object that --json prints. */
import { availableParallelism } from 'node:os';
import { engineInfo } from '../index.js';
import { version } from './version.js';

/** Prints it on a line of its own: typed arrays as lists; NaN and infinities, which JSON has not got, as null. */
export function printJson(command: string, fields: object): void {
  const plain = (_: string, value: unknown) => (value instanceof Float64Array ? [...value] : value);
  process.stdout.write(`${JSON.stringify({ command, version, ...fields }, plain)}\n`);
}

/** What computed it. @param threads as the user chose, if so */
export function engineUsed(threads?: number): { tier: string; threads: number } {
  return { tier: engineInfo().tier, threads: threads ?? availableParallelism() };
}
