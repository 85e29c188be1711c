/** Cells that learn the same task beside each other: what is set, how far they are, and what the task looks like. */
import { batch, computed, signal } from '@preact/signals';
import type { TaskSample } from '../../../lab-entry-browser.js';
import { labWorker } from '../../lab-worker.js';
import { messageOf } from '../../work/call.js';
import type { LearningPoint } from '../../work/lab-views.js';
import { keepUp } from './keep-up.js';

/** Tasks, and their shortest sequences. */
export const TASKS = { adding: 10, 'temporal-order': 20 } as const;
export type TaskName = keyof typeof TASKS;
export const LONGEST = 100;
/** After so many updates a cell has had its chance. */
export const MOST_UPDATES = 1500;

/** The plain RNN always learns; these may learn beside it. */
export const BESIDE = ['gru', 'lstm', 'lstm-chrono', 'lstm-short'] as const;
export type Racer = 'rnn' | (typeof BESIDE)[number];

interface Settings {
  readonly task: TaskName;
  readonly length: number;
  readonly beside: readonly Racer[];
}
export const settings = signal<Settings>({ task: 'adding', length: 100, beside: ['lstm', 'lstm-chrono'] });

export interface Lane {
  readonly cell: Racer;
  readonly points: readonly LearningPoint[];
}
export const lanes = signal<readonly Lane[]>([]);
export const stage = signal<'ready' | 'running' | 'stopped' | 'done'>('ready');
export const failure = signal<string | null>(null);

/** A sequence of the task, of another draw for each seed. */
export interface Sample extends TaskSample {
  readonly name: TaskName;
  readonly length: number;
  readonly seed: number;
}
export const sample = signal<Sample | null>(null);
const sampleSeed = signal(1);
/** Whether the sample, with the terms of its task, is that of the settings. */
export const isSampled = computed(
  () => sample.value?.name === settings.value.task && sample.value.length === settings.value.length,
);

const draw = keepUp(
  () => {
    const { task: name, length } = settings.value;
    const seed = sampleSeed.value;
    return isSampled.value && sample.value?.seed === seed ? undefined : { name, length, seed };
  },
  async (request: { readonly name: TaskName; readonly length: number; readonly seed: number }) => {
    sample.value = { ...(await labWorker().call('task', request)), ...request };
  },
);

/** Shows a sequence of the task. */
export function showSample(): void {
  draw().catch((error) => {
    failure.value = messageOf(error);
  });
}

export function anotherSample(): void {
  sampleSeed.value++;
  showSample();
}

/** Other settings are another race: what was learned is forgotten. */
export function set(change: Partial<Settings>): void {
  stop();
  batch(() => {
    const next = { ...settings.value, ...change };
    settings.value = { ...next, length: Math.max(next.length, TASKS[next.task]) };
    lanes.value = [];
    stage.value = 'ready';
    failure.value = null;
  });
  showSample();
}

let begun = 0;

/** Begins a race, each with new weights and new sequences. */
export async function start(): Promise<void> {
  const mine = ++begun;
  const { task, length, beside } = settings.value;
  const cells: readonly Racer[] = ['rnn', ...BESIDE.filter((cell) => beside.includes(cell))];
  batch(() => {
    lanes.value = cells.map((cell) => ({ cell, points: [] }));
    stage.value = 'running';
    failure.value = null;
  });
  const runs = cells.map((cell) => ({ task, cell, length, seed: mine, updates: MOST_UPDATES }));
  try {
    await labWorker().call('race', { runs }, ({ point }) => {
      if (mine === begun && stage.value === 'running' && point) note(point);
    });
    if (mine === begun && stage.value === 'running') stage.value = 'done';
  } catch (error) {
    // Who stopped it knows.
    if (mine !== begun || stage.value !== 'running') return;
    stop();
    failure.value = messageOf(error);
  }
}

function note(point: LearningPoint): void {
  lanes.value = lanes.value.map((lane, run) =>
    run === point.run ? { ...lane, points: [...lane.points, point] } : lane,
  );
}

/** Before the first update there is nothing to judge. */
export const hasLearned = ({ points }: Lane): boolean => points.some(({ updates }) => updates > 0);

/** Ends the training; what was learned so far stays in sight. */
export function stop(): void {
  if (stage.value !== 'running') return;
  labWorker().stop();
  const isWorthSeeing = lanes.value.some(hasLearned);
  batch(() => {
    lanes.value = isWorthSeeing ? lanes.value.filter(({ points }) => points.length > 0) : [];
    stage.value = isWorthSeeing ? 'stopped' : 'ready';
  });
}
