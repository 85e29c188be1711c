/** The batch that a network is trained on, and its loss: Σ w·ρ(target − output) / Σ w over the targets that are not NaN. */
import { inputError, usageError } from '../errors.js';
import { ROW_BYTES } from './arena.js';
import { LossPlan } from './kernels.generated.js';
import { shardFirstOutput } from './layer-plan.js';
import { arrange, checkLength, load, type Machine, stepRows } from './machine.js';
import { lossSum } from './pass.js';
import { writeStructure } from './structure.js';

/**
 * Pinball: Σ max(τd, (τ − 1)d) over quantile levels τ in (0, 1), one for each K columns of the output (column q·K + k is level q of
 * target k). Squared: d². Huber: ½d² up to |d| = bound, bound·(|d| − ½bound) beyond.
 */
export type Loss =
  | { readonly levels: readonly number[]; readonly loss?: 'pinball' }
  | { readonly loss: 'squared' }
  | { readonly loss: 'huber'; readonly bound: number };

/** As src/kernels/loss.ts numbers them. */
const KINDS = { pinball: 0, squared: 1, huber: 2 };

/** What setBatch has put into the arena. */
export interface Batch {
  readonly steps: number;
  readonly batch: number;
  /** Quantile levels per target: the width of the output over the number of targets. */
  readonly levels: number;
  /** Σ w over all levels and the targets that are not NaN. */
  readonly totalWeight: number;
}

/** Puts x, the targets [T, B, K] and the weights of the rows ([B], [T, B] or all 1) into the arena. */
export function placeBatch(
  m: Machine,
  x: Float32Array,
  target: Float32Array,
  steps: number,
  batch: number,
  weight?: Float32Array,
): Batch {
  const { kernels, plan, floats } = m;
  const rows = steps * batch;
  const panels = plan.target!;
  const targets = target.length / rows;
  const levels = panels.columns / targets;
  if (!Number.isInteger(targets) || !Number.isInteger(levels))
    throw inputError(
      'bad_size',
      `target has ${target.length} elements; ${rows} rows with ${panels.columns} outputs need ${rows}·K where K divides ${panels.columns}.`,
    );
  checkLength('x', x, rows * plan.x.columns, `[${steps}, ${batch}, ${plan.x.columns}]`);
  if (weight !== undefined && weight.length !== batch) checkLength('weight', weight, rows, `[${steps}, ${batch}]`);
  weight?.forEach((value, i) => {
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY))
      throw inputError('bad_weight', `weight ${i} is ${value}; weights must be finite and not negative.`);
  });
  const { shards } = arrange(m, steps, batch);
  load(m, plan.x, stepRows(m.shape), x);
  floats.set(target, plan.staging >>> 2);
  let totalWeight = 0;
  for (const { first, rows: own } of shards)
    for (let t = 0; t < steps; t++) {
      const row = steps * first + t * own;
      const weights = plan.rowWeights + 4 * row;
      const from = weight?.length === batch ? first : t * batch + first;
      if (weight === undefined) floats.fill(1, weights >>> 2, (weights >>> 2) + own);
      else floats.set(weight.subarray(from, from + own), weights >>> 2);
      const source = plan.staging + 4 * (t * batch + first) * targets;
      const to = panels.address + row * ROW_BYTES;
      totalWeight += kernels.packTargets(to, panels.stride, source, weights, own, targets, levels);
    }
  return { steps, batch, levels, totalWeight };
}

/**
 * Throws `bad_levels` unless there are as many quantile levels as the batch has outputs per target, each in (0, 1), and
 * `bad_option` for a loss that there is not.
 */
export function checkLoss(loss: Loss, { levels: needed }: Batch): void {
  const levels = 'levels' in loss ? loss.levels : [0.5];
  if (levels.length !== needed)
    throw usageError('bad_levels', `got ${levels.length} quantile levels; the outputs of each target are ${needed}.`);
  for (const level of levels)
    if (!(level > 0 && level < 1)) throw usageError('bad_levels', `level ${level} is not between 0 and 1.`);
  const kind = loss.loss ?? 'pinball';
  if (!Object.hasOwn(KINDS, kind) || (kind === 'pinball') !== 'levels' in loss)
    throw usageError('bad_option', `loss is ${kind}; give quantile levels, or loss "squared" or "huber".`);
  if ('bound' in loss && !(loss.bound > 0 && loss.bound < Number.POSITIVE_INFINITY))
    throw usageError('bad_option', `bound is ${loss.bound}; it must be positive.`);
}

/** What placeLoss was last called with, by network: the same again needs nothing. The loss in words, since objects can be changed. */
const placed = new WeakMap<Machine, { batch: Batch; words: string }>();

/** Puts what the loss needs into the arena; with `gradient`, the last layer's dOutput is written too. */
export function placeLoss(m: Machine, batch: Batch, loss: Loss, gradient: boolean): void {
  const kind = KINDS[loss.loss ?? 'pinball'];
  const bound = 'bound' in loss ? loss.bound : 0;
  const inWords = `${kind} ${bound} ${'levels' in loss ? loss.levels.join() : ''} ${gradient}`;
  const before = placed.get(m);
  if (before?.batch === batch && before.words === inWords) return;
  placed.set(m, { batch, words: inWords });
  const { plan, floats, words } = m;
  const last = plan.layers.at(-1)!;
  const { output, dOutput } = last;
  if ('levels' in loss) {
    const { levels } = loss;
    const targets = output.columns / levels.length;
    const at = plan.levels >>> 2;
    for (let q = 0; q < levels.length; q++) floats.fill(levels[q]!, at + q * targets, at + (q + 1) * targets);
  }
  const { steps, shards } = arrange(m, batch.steps, batch.batch);
  for (const shard of shards) {
    const row = steps * shard.first;
    const loss = plan.tasks.losses[shard.number]!;
    writeStructure(words, loss, LossPlan, {
      ...{ kind, bound: 0, scale: 0, rows: steps * shard.rows, columns: output.columns },
      ...{ y: shardFirstOutput(last, shard), yStride: output.stride },
      ...{ dy: gradient ? dOutput!.address + row * ROW_BYTES : 0, dyStride: dOutput!.stride },
      ...{ target: plan.target!.address + row * ROW_BYTES, targetStride: plan.target!.stride },
      ...{ levels: plan.levels, weights: plan.rowWeights + 4 * row, sum: plan.tasks.lossSums[shard.number]! },
    });
    floats[(loss + LossPlan.bound) >>> 2] = bound;
    floats[(loss + LossPlan.scale) >>> 2] = inverse(batch.totalWeight);
  }
}

/** The mean that a task has left. No target at all: 0, with gradient zero. */
export const meanLoss = (m: Machine, { totalWeight }: Batch): number => lossSum(m) * inverse(totalWeight);

const inverse = (weight: number): number => (weight > 0 ? 1 / weight : 0);
