/** Gradient flow and the memory of networks. */
export type { Saturation } from './gate-statistics.js';
export {
  type GradientInTraining,
  type GradientInTrainingOptions,
  type GradientInTrainingPoint,
  gradientInTraining,
} from './gradient-in-training.js';
export {
  GRADIENT_DEFAULTS,
  type GradientStudy,
  type GradientStudyOptions,
  gradientStudy,
} from './gradient-study.js';
export { type MemoryTraces, memoryTraces } from './memory-traces.js';
export type { TrainedNetwork } from './model-layers.js';
export { type ModelMemory, type ModelMemoryOptions, modelMemory, type UnitMemory } from './model-memory.js';
export type { QuartileLine, Quartiles } from './quartiles.js';
export { UNTRAINED_CELLS, type UntrainedCell, type UntrainedName } from './untrained-cells.js';
