/** Packages that are used only if they are installed. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The version of an installed package; null where there is none. The package is not loaded. */
export function installedVersion(name: string): string | null {
  let folder = '';
  try {
    folder = dirname(fileURLToPath(import.meta.resolve(name)));
  } catch {
    return null;
  }
  for (; dirname(folder) !== folder; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (!existsSync(file)) continue;
    const described = JSON.parse(readFileSync(file, 'utf8'));
    if (described.name === name) return String(described.version);
  }
  return null;
}

/** Why a package could not be loaded, to put after its name. */
export function loadFailure(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') return 'which is not installed';
  const text = error instanceof Error ? error.message : String(error);
  return `which cannot be loaded (${text.trim().split(/\s*\n/, 1)[0]})`;
}
