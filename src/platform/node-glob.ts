/** Patterns such as `sales/*.csv`, for when the shell does not expand them. */
import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { inputError } from '../errors.js';

/**
 * The files that a pattern means, sorted by name and as relative as the pattern is; null where it is a plain path, or the name of a file that is there.
 * Errors: input `file_not_found` where no file fits.
 */
export async function expandGlob(pattern: string): Promise<string[] | null> {
  if (pattern === '-' || !isDynamicPattern(pattern) || existsSync(pattern)) return null;
  const paths = await glob(pattern, { expandDirectories: false, absolute: isAbsolute(pattern) });
  if (paths.length > 0) return paths.sort();
  throw inputError('file_not_found', `no file fits "${pattern}". Check the pattern and the current folder.`);
}
