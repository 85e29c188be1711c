/** One cell, one task, one seed: what is asked for, and what came of it. */
import { usageError } from '../../errors.js';
import { SEQUENCE_TASKS } from '../tasks/index.js';
import type { SequenceTask, TaskDefinition } from '../tasks/sequence-task.js';
import { CELL_NAMES, LAB_CELLS } from './cells.js';

/** What to train, and how. */
export interface TaskRunOptions {
  readonly task: string;
  readonly cell: string;
  readonly seed: number;
  /** T; default: the task's. */
  readonly length?: number | undefined;
  /** H. Default 32; for `esn`, whose units are not trained, 200. */
  readonly hiddenSize?: number | undefined;
  /** Sequences in a batch. Default 64. */
  readonly batch?: number | undefined;
  /** Of Adam. Default: the cell's. */
  readonly learningRate?: number | undefined;
  /** Whether the rate stays, or falls to 0 along half a cosine over the updates. Default `constant`. */
  readonly schedule?: 'constant' | 'cosine' | undefined;
  /** Gradients are scaled to a norm of at most this. Default 1. */
  readonly clipNorm?: number | undefined;
  /** Most updates. Default 1500. */
  readonly updates?: number | undefined;
  /** Whether to end when the task is solved. Default true. */
  readonly untilSolved?: boolean | undefined;
}

/** A point of a learning curve. */
export interface CurvePoint {
  readonly updates: number;
  /** Sequences learned from so far. */
  readonly sequences: number;
  /** Mean training loss since the last point. */
  readonly loss: number;
  /** On the test sequences, in the task's measure. */
  readonly score: number;
}

/** What came of a run. */
export interface TaskRun {
  readonly task: string;
  readonly cell: string;
  readonly seed: number;
  /** T; null where the task has none. */
  readonly length: number | null;
  readonly hiddenSize: number;
  readonly measure: SequenceTask['measure'];
  readonly goal: number;
  readonly memoryless: number;
  /** The first point that solves the task; null where none does. */
  readonly solved: { readonly updates: number; readonly sequences: number } | null;
  /** The best score on the way. */
  readonly best: number;
  readonly seconds: number;
  readonly curve: readonly CurvePoint[];
}

/** All options with their values. */
export type SettledRun = { readonly [K in keyof Required<TaskRunOptions>]: Exclude<TaskRunOptions[K], undefined> };

const positive = (value: number) => Number.isFinite(value) && value > 0;
const size = (value: number) => Number.isSafeInteger(value) && value > 0;

/** Defaults that do not depend on the cell. */
const DEFAULTS = { batch: 64, schedule: 'constant', clipNorm: 1, updates: 1500, untilSolved: true } as const;

/** Fills in defaults and checks. @throws usage error `unknown_task`, `unknown_cell`, `bad_option` */
export function settleRun(options: TaskRunOptions): { definition: TaskDefinition; settled: SettledRun } {
  const definition = taskNamed(options.task);
  if (!CELL_NAMES.includes(options.cell))
    throw usageError('unknown_cell', `there is no cell "${options.cell}"; use one of ${CELL_NAMES.join(', ')}.`);
  const learningRate = LAB_CELLS[options.cell]?.learningRate ?? 1;
  const hiddenSize = options.cell === 'esn' ? 200 : 32;
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const length = definition.length ?? 0;
  const settled = { ...DEFAULTS, learningRate, hiddenSize, length, ...given } as SettledRun;
  for (const name of ['hiddenSize', 'batch', 'updates'] as const)
    if (!size(settled[name]))
      throw usageError('bad_option', `${name} is ${settled[name]}; it must be a whole number ≥ 1.`);
  for (const name of ['learningRate', 'clipNorm'] as const)
    if (!positive(settled[name])) throw usageError('bad_option', `${name} is ${settled[name]}; it must be positive.`);
  if (settled.schedule !== 'constant' && settled.schedule !== 'cosine')
    throw usageError('bad_option', `schedule is ${settled.schedule}; use constant or cosine.`);
  if (definition.length !== null && !(size(settled.length) && settled.length >= definition.leastLength))
    throw usageError(
      'bad_option',
      `length is ${settled.length}; ${definition.name} needs a whole number from ${definition.leastLength} on.`,
    );
  return { definition, settled };
}

/** @throws usage error `unknown_task` */
export function taskNamed(name: string): TaskDefinition {
  if (Object.hasOwn(SEQUENCE_TASKS, name)) return SEQUENCE_TASKS[name];
  throw usageError('unknown_task', `there is no task "${name}"; use one of ${Object.keys(SEQUENCE_TASKS).join(', ')}.`);
}
