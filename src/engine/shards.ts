/**
 * How a batch is cut into shards, which threads share out among themselves (kernels/network.ts). The rule knows the size of the
 * batch only, never the threads: that is why results do not depend on them. Shards of some 16 rows and more keep the kernels busy.
 */

/** Rows `first` … `first + rows − 1` of the batch. */
export interface Shard {
  readonly first: number;
  readonly rows: number;
}

/** Batches from which on there are so many shards. */
const LEAST_BATCHES: readonly (readonly [batch: number, shards: number])[] = [
  [256, 8],
  [64, 4],
  [16, 2],
  [1, 1],
];
export const MOST_SHARDS = 8;

export const shardCount = (batch: number): number => LEAST_BATCHES.find(([least]) => batch >= least)![1];

export function shardsOf(batch: number): Shard[] {
  const count = shardCount(batch);
  const begin = (shard: number) => Math.floor((batch * shard) / count);
  return Array.from({ length: count }, (_, s) => ({ first: begin(s), rows: begin(s + 1) - begin(s) }));
}
