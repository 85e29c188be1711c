/** The entry point `tidegate/nn` in Node. In browsers it is nn-entry-browser.ts. */
import { type Checkpoint, provideHost, type ReadCheckpoint } from './nn/index.js';
import { decodeCheckpoint, encodeCheckpoint } from './nn-portable.js';
import { nodeEngineHost, readFileBytes, writeFileAtomic } from './platform/node.js';

provideHost(nodeEngineHost(new URL('./engine-thread.js', import.meta.url)));

export * from './nn-portable.js';

/**
 * Writes a checkpoint to a file, completely or not at all: whenever the process is killed, the file holds this checkpoint or
 * the one before.
 *
 * @throws TidegateError `folder_not_found`, `is_a_directory`, `no_permission`, `disk_full`, `write_failed`
 */
export async function saveCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  await writeFileAtomic(path, encodeCheckpoint(checkpoint));
}

/**
 * Reads what `saveCheckpoint` wrote.
 *
 * @throws TidegateError `file_not_found`, `is_a_directory`, `no_permission`, `read_failed`, `bad_model_file`
 */
export async function loadCheckpoint(path: string): Promise<ReadCheckpoint> {
  return decodeCheckpoint(await readFileBytes(path), `"${path}"`);
}
