/** Where a training loop gets its batches from. */
import { usageError } from '../errors.js';
import type { Random } from '../random.js';

/**
 * Batches by number, so that a training can go on in the middle of an epoch. `batch` must depend on its arguments alone:
 * asked twice it gives the same numbers.
 */
export interface TrainingData<B> {
  /** Batches per epoch. */
  readonly batches: number;
  /**
   * Batch `index` of `epoch`, both from 0.
   *
   * @param random the epoch's stream, at its start in every call: shuffle with it, and draw what is this batch's own from
   *   `random.fork(index)`
   */
  batch(epoch: number, index: number, random: Random): B | Promise<B>;
}

/**
 * An array as training data: batches of `batchSize` items, in an order drawn anew for every epoch unless `shuffle` is false.
 * The last batch is smaller where the numbers do not divide, or left out with `dropLast`.
 *
 * @throws TidegateError `invalid_option`
 *
 * @example
 * const data = arrayData(['a', 'b', 'c'], { batchSize: 2, shuffle: false });
 * data.batches; // 2
 * data.batch(0, 1); // ['c']
 */
export function arrayData<T>(
  items: readonly T[],
  options: { batchSize: number; shuffle?: boolean | undefined; dropLast?: boolean | undefined },
): TrainingData<T[]> {
  const { batchSize, shuffle = true, dropLast = false } = options;
  if (!(Number.isSafeInteger(batchSize) && batchSize >= 1))
    throw usageError('invalid_option', `arrayData option "batchSize" needs a whole number ≥ 1, got ${batchSize}.`);
  const batches = dropLast ? Math.floor(items.length / batchSize) : Math.ceil(items.length / batchSize);
  if (batches === 0)
    throw usageError('invalid_option', `arrayData got ${items.length} items, which make no batch of ${batchSize}.`);
  // The order of the last epoch asked for: drawn once, not for every batch.
  let drawn: { key: string; order: Uint32Array } | undefined;
  const orderOf = (epoch: number, random: Random): Uint32Array => {
    const key = `${epoch}/${random.state().join('.')}`;
    if (drawn?.key !== key) drawn = { key, order: random.shuffle(Uint32Array.from(items, (_, k) => k)) };
    return drawn.order;
  };
  return {
    batches,
    batch(epoch, index, random) {
      const [from, to] = [index * batchSize, (index + 1) * batchSize];
      if (!shuffle) return items.slice(from, to);
      return Array.from(orderOf(epoch, random).subarray(from, to), (k) => items[k]);
    },
  };
}
