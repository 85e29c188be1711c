/**
 * The batch that a network is trained on, and its masked quantile loss:
 *   loss = Σ w·max(τd, (τ − 1)d) / Σ w,  d = target − output, over all levels τ and the targets that are not NaN.
 */
import { inputError, usageError } from '../errors.js';
import { ROW_BYTES } from './arena.js';
import { checkLength, load, type Machine } from './machine.js';
import { firstOutputRow } from './pass.js';

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

/** Throws `bad_levels` unless there are as many quantile levels as the batch has outputs per target, each in (0, 1). */
export function checkLevels(levels: readonly number[], { levels: needed }: Batch): void {
  if (levels.length !== needed)
    throw usageError('bad_levels', `got ${levels.length} quantile levels; the outputs of each target are ${needed}.`);
  for (const level of levels)
    if (!(level > 0 && level < 1)) throw usageError('bad_levels', `level ${level} is not between 0 and 1.`);
}

/** The loss of the outputs in the arena; with `gradient`, the last layer's dOutput too. No target at all: 0, zero gradient. */
export function pinballLoss(m: Machine, batch: Batch, levels: readonly number[], gradient: boolean): number {
  const { kernels, plan, floats } = m;
  const { output, dOutput } = plan.layers.at(-1)!;
  const targets = output.columns / levels.length;
  const at = plan.levels >>> 2;
  for (let q = 0; q < levels.length; q++) floats.fill(levels[q]!, at + q * targets, at + (q + 1) * targets);
  const scale = batch.totalWeight > 0 ? 1 / batch.totalWeight : 0;
  const y = output.address + firstOutputRow(plan.layers.at(-1)!, batch.batch) * ROW_BYTES;
  const total = kernels.pinball(
    gradient ? dOutput!.address : 0,
    dOutput!.stride,
    y,
    output.stride,
    plan.target!.address,
    plan.target!.stride,
    plan.levels,
    plan.rowWeights,
    batch.steps * batch.batch,
    output.columns,
    scale,
  );
  return total * scale;
}
