/** How the reach of the gradient changes while cells learn a task. */
import { setImmediate } from 'node:timers/promises';
import { type GradientInTraining, gradientInTraining } from '../lab-entry.js';
import { wantsColor } from './color.js';
import { formatDecades } from './decades.js';
import { writePicture } from './formats.js';
import { printJson } from './json.js';
import { drawTraining } from './lab-drawing.js';
import type { OutputFlags } from './options.js';
import type { Session } from './session.js';
import { type Cell, renderTable } from './table.js';

export interface TrainingFlags extends OutputFlags {
  readonly train: string;
  readonly cells?: readonly string[];
  readonly hidden?: number;
  readonly lag?: number;
  readonly seed?: number;
  readonly updates?: number;
}

/** Cells that are shown where none are named. */
const USUAL = ['rnn', 'lstm', 'lstm-short'];

export async function trainingGradient(flags: TrainingFlags, session: Session): Promise<void> {
  const { train, cells = USUAL, hidden, lag, seed, updates, plot, json } = flags;
  const began = performance.now();
  const runs = await session.withProgress(train, async (report) => {
    const done: GradientInTraining[] = [];
    for (const cell of cells) {
      await setImmediate();
      session.stopIfInterrupted();
      const options = { task: train, cell, length: lag, hiddenSize: hidden, seed, updates };
      done.push(
        gradientInTraining(options, ({ score }, fraction) => {
          report((done.length + fraction) / cells.length, score, cell);
        }),
      );
    }
    return done;
  });
  const seconds = Math.round(performance.now() - began) / 1000;
  if (plot !== undefined) await writePicture(plot, drawTraining(runs), 'Gradient by lag while learning');
  if (json) printJson('lab gradient', { seconds, runs });
  else process.stdout.write(`${showRuns(runs)}\n`);
  if (plot !== undefined) session.remark(`Wrote ${plot}`);
}

function showRuns(runs: readonly GradientInTraining[]): string {
  const [{ task, length, measure, hiddenSize }] = runs;
  const rows = runs.flatMap(({ cell, points }) => {
    const shown = [0, 0.25, 0.5, 1].map((part) => points[Math.round(part * (points.length - 1))]);
    return [...new Set(shown)].map(({ updates, score, kept }, i): Cell[] => [
      i === 0 ? cell : '',
      updates,
      Number(score.toPrecision(3)),
      ...[0.25, 0.5, 1].map((part) => formatDecades(kept[Math.round(part * (kept.length - 1))])),
    ]);
  });
  const lags = [0.25, 0.5, 1].map((part) => `${Math.round(part * (length - 1))} back`);
  const table = renderTable(['cell', 'updates', measure, ...lags], rows, { color: wantsColor(process.stdout) });
  return `${table}\n${task}, T = ${length}, ${hiddenSize} units: share of the gradient of the answer, by C where the cell has one, else by h, that is left so many steps back.`;
}
