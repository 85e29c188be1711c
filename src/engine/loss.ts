/** The batch that a network is trained on, and its loss: Σ w·ρ(target − output) / Σ w over the targets that are not NaN. */
import { inputError, usageError } from '../errors.js';
import { ROW_BYTES } from './arena.js';
import { LossPlan } from './kernels.generated.js';
import { checkLength, load, type Machine } from './machine.js';
import { firstOutputRow, lossSum } from './pass.js';
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
  const at = plan.rowWeights >>> 2;
  if (weight === undefined) floats.fill(1, at, at + rows);
  else {
    if (weight.length !== batch) checkLength('weight', weight, rows, `[${steps}, ${batch}]`);
    for (let row = 0; row < rows; row += weight.length) floats.set(weight, at + row);
    for (let i = 0; i < weight.length; i++)
      if (!(weight[i]! >= 0 && weight[i]! < Number.POSITIVE_INFINITY))
        throw inputError('bad_weight', `weight ${i} is ${weight[i]}; weights must be finite and not negative.`);
  }
  load(m, plan.x, 0, rows, x);
  floats.set(target, plan.staging >>> 2);
  const totalWeight = kernels.packTargets(
    panels.address,
    panels.stride,
    plan.staging,
    plan.rowWeights,
    rows,
    targets,
    levels,
  );
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

/** Puts what the loss needs into the arena; with `gradient`, the last layer's dOutput is written too. */
export function placeLoss(m: Machine, batch: Batch, loss: Loss, gradient: boolean): void {
  const { plan, floats, words } = m;
  const last = plan.layers.at(-1)!;
  const { output, dOutput } = last;
  if ('levels' in loss) {
    const { levels } = loss;
    const targets = output.columns / levels.length;
    const at = plan.levels >>> 2;
    for (let q = 0; q < levels.length; q++) floats.fill(levels[q]!, at + q * targets, at + (q + 1) * targets);
  }
  const rows = batch.steps * batch.batch;
  writeStructure(words, plan.loss, LossPlan, {
    ...{ kind: KINDS[loss.loss ?? 'pinball'], bound: 0, rows, columns: output.columns, scale: 0 },
    ...{ y: output.address + firstOutputRow(last, batch.batch) * ROW_BYTES, yStride: output.stride },
    ...{ dy: gradient ? dOutput!.address : 0, dyStride: dOutput!.stride },
    ...{ target: plan.target!.address, targetStride: plan.target!.stride },
    ...{ levels: plan.levels, weights: plan.rowWeights, sums: plan.lossSums },
  });
  floats[(plan.loss + LossPlan.bound) >>> 2] = 'bound' in loss ? loss.bound : 0;
  floats[(plan.loss + LossPlan.scale) >>> 2] = inverse(batch.totalWeight);
}

/** The mean that a task has left. No target at all: 0, with gradient zero. */
export const meanLoss = (m: Machine, { totalWeight }: Batch): number => lossSum(m) * inverse(totalWeight);

const inverse = (weight: number): number => (weight > 0 ? 1 / weight : 0);
