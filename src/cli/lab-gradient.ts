import { setImmediate } from 'node:timers/promises';
import type { Command } from 'commander';
import { usageError } from '../errors.js';
import {
  GRADIENT_DEFAULTS,
  type GradientStudy,
  gradientStudy,
  UNTRAINED_CELLS,
  type UntrainedName,
} from '../lab-entry.js';
import { wantsColor } from './color.js';
import { formatDecades } from './decades.js';
import { checkOutputs, PICTURE_ENDINGS, writePicture } from './formats.js';
import { printJson } from './json.js';
import { drawGradients } from './lab-drawing.js';
import { modelGradient } from './lab-gradient-model.js';
import { trainingGradient } from './lab-gradient-training.js';
import { addDataFlags, type DataFlags, nameList, wholeNumber } from './options.js';
import { Session } from './session.js';
import { type Cell, renderTable } from './table.js';

const NAMES = Object.keys(UNTRAINED_CELLS) as UntrainedName[];

interface Flags extends DataFlags {
  readonly cells?: readonly string[];
  readonly hidden?: number;
  readonly inputs: number;
  readonly lag?: number;
  readonly model?: string;
  readonly train?: string;
  readonly updates?: number;
  readonly seeds: number;
  readonly seed: number;
  readonly plot?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** One cell of the comparison. */
export interface GradientRow {
  readonly cell: UntrainedName;
  readonly label: string;
  readonly study: GradientStudy;
}

/** `tidegate lab gradient` */
export function addGradient(lab: Command): void {
  const command = lab
    .command('gradient [data]')
    .description('how far back the gradient of a loss reaches: cell by cell, or in a model of yours')
    .option(
      '--model <file>',
      'a saved model: how far back its networks remember on the data, or on those it was fitted on',
    )
    .option('--train <task>', 'follow the gradient while cells learn a task of tidegate lab task, such as adding')
    .option('--updates <count>', 'with --train: training steps (default: 1000)', wholeNumber)
    .option(
      '--cells <names>',
      `some of ${NAMES.join(', ')} (default: all); with --train those of tidegate lab task`,
      nameList('rnn,lstm'),
    )
    .option('--hidden <units>', `hidden units (default: ${GRADIENT_DEFAULTS.hiddenSize}; with --train 32)`, wholeNumber)
    .option('--inputs <count>', 'numbers per step, drawn from N(0, 1)', wholeNumber, GRADIENT_DEFAULTS.inputSize)
    .option(
      '--lag <steps>',
      `steps back (default: ${GRADIENT_DEFAULTS.lag}; of a model: the season of its data; with --train: T)`,
      wholeNumber,
    )
    .option('--seeds <count>', 'draws of weights and inputs', wholeNumber, GRADIENT_DEFAULTS.seeds)
    .option('--seed <number>', 'the same seed, the same numbers', wholeNumber, GRADIENT_DEFAULTS.seed)
    .option('--plot <file>', `draw gradient by lag: ${PICTURE_ENDINGS}`);
  addDataFlags(command)
    .option('--json', 'print one JSON object with all lines, norms as log10')
    .option('-q, --quiet', 'no progress')
    .addHelpText(
      'after',
      `
Cells are untrained; the loss is the sum of the last hidden state. Everything is computed in float64, norms as logs, so that
nothing under- or overflows. "short form" is the widespread back-propagation that leaves out the path from C to C: wrong, and
here to be compared with. A half-life tells the direct path of a unit only, -1/log2 of what it keeps at each step.

Examples:
  tidegate lab gradient --plot gradient.svg
  tidegate lab gradient --cells rnn,lstm --lag 1000
  tidegate lab gradient --train adding --cells rnn,lstm --plot learning.svg
  tidegate lab gradient --model sales.safetensors sales.csv --plot memory.svg`,
    )
    .action(gradient);
}

async function gradient(data: string | undefined, flags: Flags): Promise<void> {
  const session = new Session(flags.quiet ?? false);
  await checkOutputs(flags);
  if (flags.model !== undefined) return modelGradient(flags.model, data, flags, session);
  if (flags.train !== undefined) return trainingGradient({ ...flags, train: flags.train }, session);
  if (data !== undefined || flags.sql !== undefined)
    throw usageError('no_model', 'data were given without a model; needed --model and a file that tidegate fit saved.');
  const began = performance.now();
  const rows = await session.withProgress('gradient', (report) => studyAll(flags, session, report));
  const seconds = Math.round(performance.now() - began) / 1000;
  if (flags.plot !== undefined) await writePicture(flags.plot, drawGradients(rows), 'Gradient by lag');
  // An exact zero, −∞ as log10, becomes null.
  if (flags.json) printJson('lab gradient', { seconds, rows: rows.map(({ study, ...row }) => ({ ...row, ...study })) });
  else process.stdout.write(`${showGradients(rows)}\n`);
  if (flags.plot !== undefined) session.remark(`Wrote ${flags.plot}`);
}

async function studyAll(
  { cells: names = NAMES, hidden, inputs, lag, seeds, seed }: Flags,
  session: Session,
  report: (fraction: number, loss: number, phase: string) => void,
): Promise<GradientRow[]> {
  const cells = untrainedNames(names);
  const rows: GradientRow[] = [];
  for (const cell of cells) {
    const { label } = UNTRAINED_CELLS[cell];
    report(rows.length / cells.length, Number.NaN, label);
    await setImmediate();
    session.stopIfInterrupted();
    const options = { hiddenSize: hidden, inputSize: inputs, lag, seeds, seed };
    rows.push({ cell, label, study: gradientStudy(UNTRAINED_CELLS[cell], options) });
  }
  return rows;
}

function showGradients(rows: readonly GradientRow[]): string {
  const [{ study: first }] = rows;
  const { lag } = first;
  const heads = [
    'cell',
    `∂L/∂h, ${lag} back`,
    'half of the draws',
    '∂L/∂C',
    'short form',
    'most, σ₁',
    'λ₁',
    'half-life',
  ];
  const table = renderTable(
    heads,
    rows.map(({ label, study }): Cell[] => [
      label,
      formatDecades(study.h.median[lag]),
      `${formatDecades(study.h.low[lag])} … ${formatDecades(study.h.high[lag])}`,
      study.c && formatDecades(study.c.median[lag]),
      study.short && formatDecades(study.short.median[lag]),
      formatDecades(study.singular[0].median),
      showExponent(study.lyapunov.median),
      study.halfLives && showSteps(study.halfLives.median),
    ]),
    { color: wantsColor(process.stdout) },
  );
  const percent = (part: number) => `${Math.round(100 * part)} %`;
  const open = rows.flatMap(({ label, study: { saturation } }) => {
    const gates = Object.entries(saturation).filter(([, { low, high }]) => low + high >= 0.005);
    const shares = gates.map(([gate, { low, high }]) => `${gate} ${percent(low)} and ${percent(high)}`);
    return shares.length > 0 ? [`${label} ${shares.join(', ')}`] : [];
  });
  const proofs = rows.flatMap(({ label, study: { boundPerStep } }) =>
    boundPerStep === null ? [] : [`${label} ${formatDecades(boundPerStep * lag)}`],
  );
  return [
    table,
    `${first.hiddenSize} units, ${first.inputSize} inputs, ${lag} steps back, median of ${first.seeds} draws; L is the sum of the last h.`,
    `σ₁: the most that any error over these steps can keep; λ₁: largest Lyapunov exponent, ln per step; half-life: direct path of the median unit, in steps.`,
    ...(open.length > 0 ? [`Gates below 0.1 and above 0.9: ${open.join('; ')}.`] : []),
    ...(proofs.length > 0
      ? [`Bound ‖W‖^${lag} (below 1 it proves vanishing, above 1 nothing): ${proofs.join('; ')}.`]
      : []),
  ].join('\n');
}

function showExponent(value: number): string {
  return Number.isFinite(value) ? value.toFixed(3) : '-∞';
}

function showSteps(steps: number): string {
  return Number.isFinite(steps) ? steps.toFixed(1) : '∞';
}

function untrainedNames(names: readonly string[]): UntrainedName[] {
  const unknown = names.find((name) => !NAMES.includes(name as UntrainedName));
  if (unknown !== undefined)
    throw usageError('unknown_cell', `there is no untrained cell "${unknown}"; use some of ${NAMES.join(', ')}.`);
  return names as UntrainedName[];
}
