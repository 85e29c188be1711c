/** The entry point `tidegate/nn`. */

import { decodeSafetensors, encodeSafetensors } from './interop/safetensors.js';
import { type Checkpoint, provideHost, type ReadCheckpoint } from './nn/index.js';
import { nodeEngineHost, readFileBytes, writeFileAtomic } from './platform/node.js';

provideHost(nodeEngineHost(new URL('./engine-thread.js', import.meta.url)));

export * from './nn/index.js';

/** The bytes of a checkpoint, a safetensors file: the same checkpoint gives the same bytes. */
export function encodeCheckpoint({ tensors, metadata }: Checkpoint): Uint8Array {
  return encodeSafetensors(tensors, metadata);
}

/**
 * What `Trainer.resume` takes, from the bytes of a checkpoint.
 *
 * @param source what to call them in error messages
 * @throws TidegateError `bad_model_file`
 */
export function decodeCheckpoint(bytes: Uint8Array, source = 'the checkpoint'): ReadCheckpoint {
  return decodeSafetensors(bytes, { source });
}

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
