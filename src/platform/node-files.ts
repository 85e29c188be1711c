/**
 * Files on Node: reading as a stream or whole, and writing so that a reader never sees half a file.
 * Every failure of the file system that a user can cause has a code of ours and says what to do.
 */
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { inputError, type TidegateError, usageError } from '../errors.js';
import { nearNames } from './near-names.js';

/**
 * The bytes of a file, or of standard input for `-`, piece by piece as they arrive. Nothing is opened before the
 * first piece is asked for; leaving the loop early closes the file.
 *
 * Errors, when the first piece is asked for: `file_not_found` (with similar names of that folder), `is_a_directory`,
 * `no_permission`, `read_failed`.
 */
export async function* openBytes(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    if (path === '-') yield* process.stdin as AsyncIterable<Uint8Array>;
    else yield* createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw await readError(path, error);
  }
}

/** A file that can be read as a stream, or by parts. */
export interface OpenableFile {
  /** For messages. */
  readonly name: string;
  stream(): AsyncGenerator<Uint8Array, void, undefined>;
  open(): Promise<FileParts>;
}

/** Parts of an open file by their place. */
export interface FileParts {
  readonly byteLength: number;
  /** The bytes from `start` to before `end`, fewer where the file ends. */
  slice(start: number, end: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** A file by its path. Nothing is opened yet. Errors, when it is: as `openBytes`. */
export function fileAt(path: string): OpenableFile {
  return { name: path, stream: () => openBytes(path), open: () => openParts(path) };
}

async function openParts(path: string): Promise<FileParts> {
  try {
    const file = await open(path, 'r');
    const { size } = await file.stat();
    return {
      byteLength: size,
      slice: (start, end) => readPart(path, file, start, end),
      close: () => file.close(),
    };
  } catch (error) {
    throw await readError(path, error);
  }
}

async function readPart(path: string, file: FileHandle, start: number, end: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - start);
  try {
    for (let done = 0; done < bytes.length; ) {
      const { bytesRead } = await file.read(bytes, done, bytes.length - done, start + done);
      if (bytesRead === 0) return bytes.subarray(0, done);
      done += bytesRead;
    }
    return bytes;
  } catch (error) {
    throw await readError(path, error);
  }
}

/**
 * All bytes of a file. Errors: as `openBytes`, and `file_too_large` past Node's limit of 2 GiB.
 */
export async function readFileBytes(path: string): Promise<Uint8Array> {
  try {
    const bytes = await readFile(path);
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } catch (error) {
    throw await readError(path, error);
  }
}

/**
 * Writes a file completely or not at all: into a temporary file beside it, flushed to the disk, then renamed over the
 * old one, whose permissions and symbolic link stay. If anything fails the old file is as it was and the temporary
 * one is removed. A target that is no ordinary file (`/dev/stdout`, a named pipe) is written to directly.
 *
 * Errors: `folder_not_found`, `is_a_directory`, `no_permission` (usage); `disk_full`, `write_failed` (input).
 */
export async function writeFileAtomic(path: string, content: Uint8Array | string): Promise<void> {
  try {
    const existing = await stat(path).catch(ignoreMissing);
    if (existing?.isDirectory()) throw systemError('EISDIR');
    if (existing && !existing.isFile()) await writeThrough(path, content);
    else await writeAndRename(existing ? await realpath(path) : path, content, existing?.mode);
  } catch (error) {
    throw writeError(path, error);
  }
}

async function writeThrough(path: string, content: Uint8Array | string): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(content);
  } finally {
    await file.close();
  }
}

async function writeAndRename(path: string, content: Uint8Array | string, mode: number | undefined): Promise<void> {
  const folder = dirname(path);
  // Not derived from the target's name: that may already be as long as names can be.
  const temporary = join(folder, `.tidegate-${process.pid}-${randomBytes(6).toString('hex')}.tmp`);
  let file: FileHandle | undefined;
  try {
    file = await open(temporary, 'wx', 0o666);
    if (mode !== undefined) await file.chmod(mode & 0o7777);
    await file.writeFile(content);
    await file.sync();
    await file.close();
    await rename(temporary, path);
  } catch (error) {
    await file?.close().catch(() => {}); // already closed, or beyond saving: the first error is the one to tell
    if (file) await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

/** Makes the rename itself survive a power cut. Some systems cannot flush a folder; the file is complete even so. */
async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(folder, 'r');
    await handle.sync();
  } catch {
    // Windows and some network file systems refuse this.
  } finally {
    await handle?.close();
  }
}

async function readError(path: string, error: unknown): Promise<TidegateError> {
  const name = path === '-' ? 'standard input' : `"${path}"`;
  switch (codeOf(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return inputError('file_not_found', await describeMissing(path), error);
    case 'EISDIR':
      return inputError('is_a_directory', `${name} is a folder; a file is needed. Name a file in it.`, error);
    case 'EACCES':
    case 'EPERM':
      return inputError('no_permission', `${name} may not be read by this user. Change its permissions.`, error);
    case 'ERR_FS_FILE_TOO_LARGE':
      return inputError('file_too_large', `${name} is larger than 2 GiB, which is the limit. Split it.`, error);
    default:
      return inputError('read_failed', `${name} could not be read: ${messageOf(error)}.`, error);
  }
}

/** Says whether the file or already its folder is missing, and what was perhaps meant. */
async function describeMissing(path: string): Promise<string> {
  const folder = dirname(path);
  const names = await readdir(folder).catch(() => undefined);
  if (names === undefined) return `"${path}" does not exist, nor does its folder "${folder}". Check the path.`;
  const near = nearNames(basename(path), names).map((name) => `"${folder === '.' ? name : join(folder, name)}"`);
  const advice = near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'Check the name and the current folder.';
  return `"${path}" does not exist. ${advice}`;
}

function writeError(path: string, error: unknown): TidegateError {
  switch (codeOf(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return usageError(
        'folder_not_found',
        `"${path}" cannot be written: there is no folder "${dirname(path)}". Make it first.`,
      );
    case 'EISDIR':
      return usageError('is_a_directory', `"${path}" is a folder; a file name is needed. Add one to the path.`);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return usageError('no_permission', `"${path}" may not be written by this user. Choose another folder.`);
    case 'ENOSPC':
    case 'EDQUOT':
      return inputError(
        'disk_full',
        `"${path}" was not written: no space is left. Free some, or choose another disk.`,
        error,
      );
    default:
      return inputError('write_failed', `"${path}" could not be written: ${messageOf(error)}.`, error);
  }
}

function ignoreMissing(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
  return undefined;
}

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
