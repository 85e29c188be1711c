/**
 * How a batch is cut into shards, which threads share out among themselves (kernels/network.ts). For training the rule knows the
 * size of the batch only, never the threads: that is why results do not depend on them. Without gradients rows never meet, and a
 * shard for each thread does. Shards of some 16 rows and more keep the kernels busy.
 */

/** Rows `first` … `first + rows − 1` of the batch; shards are numbered from 0. */
export interface Shard {
  readonly number: number;
  readonly first: number;
  readonly rows: number;
}

/**
 * In an array with one row for each sequence, which its threads write at every step, shards lie so many rows apart: processors
 * fetch ahead, and would take lines out of each other's hands.
 */
const GAP_ROWS = 32;

/** The shard's first row in such an array, of so many rows for each sequence. */
export const sequenceRow = ({ number, first }: Shard, each = 1): number => each * first + number * GAP_ROWS;

/** Rows of such an array. */
export const sequenceRows = (batch: number, shards: number, each = 1): number => each * batch + (shards - 1) * GAP_ROWS;

/** Batches from which on there are so many shards. */
const LEAST_BATCHES: readonly (readonly [batch: number, shards: number])[] = [
  [256, 8],
  [64, 4],
  [16, 2],
  [1, 1],
];
export const MOST_SHARDS = 8;

const LEAST_ROWS_TO_INFER = 8;

/** How many shards a batch has. */
export type ShardRule = (batch: number) => number;

export const trainingShards: ShardRule = (batch) => LEAST_BATCHES.find(([least]) => batch >= least)![1];

/** The rule for a network that may use so many threads. */
export const shardRule = (training: boolean, threads: number): ShardRule =>
  training ? trainingShards : (batch) => Math.max(1, Math.min(threads, Math.floor(batch / LEAST_ROWS_TO_INFER)));

/** The narrow tiers compute four rows at a time: shards begin where such a tile does. */
const TILE_ROWS = 4;

export function shardsOf(batch: number, count: number): Shard[] {
  const begin = (shard: number) =>
    shard === count ? batch : Math.floor((batch * shard) / count / TILE_ROWS) * TILE_ROWS;
  return Array.from({ length: count }, (_, number) => {
    return { number, first: begin(number), rows: begin(number + 1) - begin(number) };
  });
}
