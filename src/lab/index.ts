/** The memory lab: what cells remember, and whether their gradients are right. */
export {
  COMPARISON_SEEDS,
  type Comparison,
  compareCells,
  comparisonGates,
  comparisonJobs,
  type Gate,
  type SeriesSummary,
  summariseSeries,
} from './comparison.js';
export { type LabJob, type LabResult, runLabJob, SERIES_TASK_NAMES, type SeriesTaskName } from './jobs.js';
export * from './memory/index.js';
export { SEQUENCE_TASKS } from './tasks/index.js';
export { mackeyGlass, mackeyGlass84 } from './tasks/mackey-glass.js';
export { narma10, narma10Error } from './tasks/narma10.js';
export { sampleTask, type TaskSample } from './tasks/sample.js';
export { laserError } from './tasks/santa-fe-laser.js';
export type { SequenceBatch, SequenceTask, TaskDefinition } from './tasks/sequence-task.js';
export type { SeriesRun } from './tasks/series-task.js';
export type { TaskAnswers } from './training/answers.js';
export { CELL_NAMES, LAB_CELLS, type LabCell } from './training/cells.js';
export type { CurvePoint, TaskRun, TaskRunOptions } from './training/run.js';
export { type CellSummary, summarise } from './training/summary.js';
export { type TaskProgress, trainOnTask } from './training/train-task.js';
export { ENGINE_BOUND, FINITE_DIFFERENCE_BOUND, VERIFY_CASES, type VerifyRow, verifyGradients } from './verify.js';
