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
export { SEQUENCE_TASKS } from './tasks/index.js';
export { mackeyGlass, mackeyGlass84 } from './tasks/mackey-glass.js';
export { narma10, narma10Error } from './tasks/narma10.js';
export { laserError } from './tasks/santa-fe-laser.js';
export type { SequenceBatch, SequenceTask, TaskDefinition } from './tasks/sequence-task.js';
export type { SeriesRun } from './tasks/series-task.js';
export { CELL_NAMES, LAB_CELLS, type LabCell } from './training/cells.js';
export type { CurvePoint, TaskRun, TaskRunOptions } from './training/run.js';
export { type CellSummary, summarise } from './training/summary.js';
export { type TaskProgress, trainOnTask } from './training/train-task.js';

export type { Saturation } from './memory/gate-statistics.js';
export {
  GRADIENT_DEFAULTS,
  type GradientStudy,
  type GradientStudyOptions,
  gradientStudy,
} from './memory/gradient-study.js';
export { type MemoryTraces, memoryTraces } from './memory/memory-traces.js';
export type { TrainedNetwork } from './memory/model-layers.js';
export { type ModelMemory, type ModelMemoryOptions, modelMemory, type UnitMemory } from './memory/model-memory.js';
export type { QuartileLine, Quartiles } from './memory/quartiles.js';
export { UNTRAINED_CELLS, type UntrainedCell, type UntrainedName } from './memory/untrained-cells.js';
export { ENGINE_BOUND, FINITE_DIFFERENCE_BOUND, VERIFY_CASES, type VerifyRow, verifyGradients } from './verify.js';
