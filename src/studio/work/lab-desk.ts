/** What the views can have done by the memory lab, in a worker: looking into a network, gradients by lag, and cells that learn a task. */
import {
  gradientStudy,
  memoryTraces,
  type QuartileLine,
  runLabJobs,
  sampleTask,
  type TaskSample,
} from '../../lab-entry-browser.js';
import type { Call } from './call.js';
import type { GradientRequest, GradientView, RaceRequest, TracesRequest, TracesView } from './lab-views.js';

/** Draws of weights and inputs: enough for quartiles while a slider moves. */
const SEEDS = 5;

/** What the last layer of an LSTM does while it reads. */
export function traces({ network, x }: TracesRequest): TracesView {
  const last = memoryTraces(network, x).at(-1)!;
  const { i, f, g, o } = last.gates;
  const { steps, hiddenSize, c, h, saturation, halfLives } = last;
  if (!c || !halfLives) throw new Error(`a network of ${network.spec.cell} cells has no C to look at`);
  return { steps, hiddenSize, gates: { i, f, g, o }, c, h, saturation, halfLives };
}

/** Gradient by lag of an untrained cell, measured in float64. */
export function gradient({ cell, hiddenSize, lag }: GradientRequest): GradientView {
  const { h, short, seeds } = gradientStudy(cell, { hiddenSize, lag, seeds: SEEDS, singularLags: [] });
  return { complete: share(h), short: short && share(short), seeds };
}

/** Parts of what the median is at lag 0, where all draws are equal. */
function share({ low, median, high }: QuartileLine): QuartileLine {
  const of = (line: Float64Array) => line.map((value) => value - median[0]);
  return { low: of(low), median: of(median), high: of(high) };
}

/** One sequence of a task, another for each seed. */
export function task({ name, length, seed }: { name: string; length: number; seed: number }): TaskSample {
  return sampleTask(name, length, seed);
}

/** Cells learn the same task beside each other, each in a worker. What they have learned is told on the way. */
export async function race({ runs }: RaceRequest, { signal, onProgress }: Call): Promise<void> {
  await runLabJobs(
    runs.map((run) => ({ kind: 'task' as const, ...run })),
    {
      threads: runs.length,
      signal,
      onProgress: (run, { fraction, updates, score, solved, answers = null }) =>
        onProgress({ fraction, point: { run, updates, score, solved, answers } }),
    },
  );
}
