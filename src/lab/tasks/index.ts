/** All tasks by name. */
import { adding, adding1997, multiplication } from './adding.js';
import { copy } from './copy.js';
import { latch } from './latch.js';
import { embeddedReber, reber } from './reber.js';
import type { TaskDefinition } from './sequence-task.js';
import { temporalOrder, temporalOrder6b } from './temporal-order.js';

const ALL = [adding, adding1997, multiplication, copy, temporalOrder, temporalOrder6b, latch, reber, embeddedReber];

/** Tasks on sequences, by name. */
export const SEQUENCE_TASKS: Readonly<Record<string, TaskDefinition>> = Object.fromEntries(
  ALL.map((task) => [task.name, task]),
);
