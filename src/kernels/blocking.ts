/** Sizes of the blocks in which the recurrent layers go over rows, chosen for a first-level cache of 32 kB, a second of 1 MB. */

/** Rows whose pre-activations of one group (2 × 64 bytes a row) stay in L1 beside the weights. */
export const GROUP_ROWS: i32 = 60;
/** Rows of scratch that the host provides to each thread: two panels of GROUP_ROWS. */
export const SCRATCH_ROWS: i32 = 120;

/** What a chunk of steps leaves for the gradients of the weights should still be in L2 when they are computed. */
const CHUNK_BYTES: i32 = 512 * 1024;
const LEAST_CHUNK_ROWS: i32 = 192;

/** Steps whose δ's are kept for one update of the weight gradients; `width` floats a row are read for it. */
export function stepsOfChunk(batch: i32, width: i32): i32 {
  return max(1, max(LEAST_CHUNK_ROWS, CHUNK_BYTES / (width << 2)) / batch);
}

/** What a shard keeps for the backward pass comes from far away by then if it has more bytes than this. */
const NEAR_BYTES: i32 = 4 * 1024 * 1024;

/** Whether what `rows` rows of `width` floats keep should be fetched ahead. */
export function isFar(rows: i32, width: i32): bool {
  return rows > NEAR_BYTES / (width << 2);
}
