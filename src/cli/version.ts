import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Version of the installed package. */
export const version: string = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version;

/** Workers that a command will use. */
export function threadCount(given: number | undefined): number {
  return given ?? availableParallelism();
}
