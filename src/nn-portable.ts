/** The part of the entry point `tidegate/nn` that every host has. */
import { decodeSafetensors, encodeSafetensors } from './interop/safetensors.js';
import type { Checkpoint, ReadCheckpoint } from './nn/index.js';

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
