/** What the lab's worker is asked, and what it tells the window: plain data. */
import type { NetworkReadings } from '../../index-browser.js';
import type { QuartileLine, Saturation, TaskAnswers, TaskRunOptions, UntrainedCell } from '../../lab-entry-browser.js';

/** A network and what it reads. */
export interface TracesRequest {
  readonly network: { readonly spec: NetworkReadings['spec']; readonly tensors: NetworkReadings['members'][number] };
  /** [T][inputSize] */
  readonly x: Float64Array;
}

/** What happened inside an LSTM; arrays are [T][H], step by step. */
export interface TracesView {
  readonly steps: number;
  readonly hiddenSize: number;
  readonly gates: Readonly<Record<'i' | 'f' | 'g' | 'o', Float64Array>>;
  readonly c: Float64Array;
  readonly h: Float64Array;
  /** By gate. */
  readonly saturation: Readonly<Record<string, Saturation>>;
  /** Of each unit in steps, the direct path only. */
  readonly halfLives: Float64Array;
}

/** A cell that has learned nothing yet. */
export interface GradientRequest {
  readonly cell: UntrainedCell;
  readonly hiddenSize: number;
  /** Steps back. */
  readonly lag: number;
}

/** Norms as log10, by lag from 0 on: of ∂L/∂h, as parts of that at lag 0. */
export interface GradientView {
  readonly complete: QuartileLine;
  /** By the short form of back-propagation; null for cells that have none. */
  readonly short: QuartileLine | null;
  /** Draws of weights and inputs. */
  readonly seeds: number;
}

/** Cells that learn the same task at the same time. */
export interface RaceRequest {
  readonly runs: readonly TaskRunOptions[];
}

/** One point of the learning curve of one of them. */
export interface LearningPoint {
  /** Which of the runs. */
  readonly run: number;
  readonly updates: number;
  readonly score: number;
  readonly solved: boolean;
  readonly answers: TaskAnswers | null;
}
