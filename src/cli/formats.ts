/** The files that results are written to, by the ending of their names. One list for all commands. */
import { stat } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { usageError } from '../errors.js';
import { renderPng, writeFileAtomic } from '../platform/node.js';
import type { OutputFlags } from './options.js';

/** A table of results, such as a forecast or a back-test. */
export interface Table {
  toCSV(): string;
  toRows(): readonly object[];
  toParquet(): Uint8Array;
}

const TABLES: Readonly<Record<string, (table: Table) => string | Uint8Array>> = {
  '.csv': (table) => table.toCSV(),
  '.json': (table) => `${JSON.stringify(table.toRows(), null, 1)}\n`,
  '.ndjson': (table) =>
    table
      .toRows()
      .map((row) => `${JSON.stringify(row)}\n`)
      .join(''),
  '.parquet': (table) => table.toParquet(),
};

const PICTURES: Readonly<Record<string, (svg: string, title: string) => string | Promise<Uint8Array>>> = {
  '.svg': (svg) => svg,
  '.png': (svg) => renderPng(svg),
  '.html': (svg, title) =>
    `<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>${title}</title>\n<body style="margin:2rem auto;max-width:70rem">\n${svg}\n</body>\n</html>\n`,
};

/** For the help. */
export const TABLE_ENDINGS = listed(TABLES);
export const PICTURE_ENDINGS = listed(PICTURES);

/** Refuses file names that could not be written at the end, before any work is done. */
export async function checkOutputs({ out, plot }: OutputFlags, save?: string): Promise<void> {
  checkEnding('--out', out, Object.keys(TABLES));
  checkEnding('--plot', plot, Object.keys(PICTURES));
  checkEnding('--save', save, ['.safetensors']);
  for (const path of [out, plot, save]) {
    if (path === undefined) continue;
    const folder = dirname(path);
    const isFolder = async (name: string) => (await stat(name).catch(() => null))?.isDirectory() === true;
    if (await isFolder(path))
      throw usageError('is_a_directory', `${path} is a folder; a file name is needed. Add one to the path.`);
    if (!(await isFolder(folder)))
      throw usageError('folder_not_found', `${path}: there is no folder ${folder}. Make it, or name another file.`);
  }
}

/**
 * Writes what was asked for: the table, then the picture. Each is written whole or not at all.
 * @param picture draws it as SVG
 * @param title of a page that holds it
 */
export async function writeOutputs(
  { out, plot }: OutputFlags,
  table: Table,
  picture: () => string,
  title: string,
): Promise<void> {
  if (out !== undefined) await writeFileAtomic(out, TABLES[endingOf(out)](table));
  if (plot !== undefined) await writePicture(plot, picture(), title);
}

/** Writes an SVG picture in the format that the file's name asks for. */
export async function writePicture(path: string, svg: string, title: string): Promise<void> {
  await writeFileAtomic(path, await PICTURES[endingOf(path)](svg, title));
}

function endingOf(path: string): string {
  return extname(path).toLowerCase();
}

function checkEnding(option: string, path: string | undefined, known: readonly string[]): void {
  if (path === undefined || known.includes(endingOf(path))) return;
  throw usageError(
    'unknown_format',
    `${option} ${path}: the name must end in ${known.join(', ')}. For example forecast${known[0]}.`,
  );
}

/** `.csv, .json or .parquet` */
function listed(formats: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(formats);
  return `${names.slice(0, -1).join(', ')} or ${names[names.length - 1]}`;
}
