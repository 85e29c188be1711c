/** The entry point `tidegate/nn`: layers, their gradients, and what computes them. */

export { halfLifeOfLeak, leakOfHalfLife } from '../cells/leaky.js';
export { configureEngine, type EngineInfo, engineInfo, provideHost, type Tier } from '../engine/index.js';
export type { Checkpoint, CheckpointTensor, EpochRecord, ReadCheckpoint } from './checkpoint.js';
export {
  clipGradNorm,
  clipGradValue,
  clipWeights,
  gradNorm,
  limitSpectralNorm,
  limitSpectralRadius,
  maxNorm,
} from './clipping.js';
export type { EngineKind, Values } from './engine-kind.js';
export { ESN, type ESNResult, type ESNState, type Sequences } from './esn.js';
export type { ESNOptions } from './esn-options.js';
export { type GradientCheck, gradCheck, type NamedArrays } from './grad-check.js';
export { GRU, type GRUGradients, type GRUOptions, type GRUResult, type GRUState } from './gru.js';
export {
  LeakyRNN,
  type LeakyRNNGradients,
  type LeakyRNNOptions,
  type LeakyRNNResult,
  type LeakyRNNState,
} from './leaky-rnn.js';
export { type GaussianOptions, gaussianNll, type NegativeBinomialOptions, negativeBinomialNll } from './likelihoods.js';
export { Linear, type LinearGradients, type LinearOptions } from './linear.js';
export {
  crossEntropy,
  type FloatArray,
  huber,
  type LossOptions,
  type LossResult,
  mae,
  mse,
  pinball,
} from './losses.js';
export { LSTM, type LSTMGradients, type LSTMOptions, type LSTMResult, type LSTMState } from './lstm.js';
export {
  Adam,
  type AdamOptions,
  AdamW,
  Optimiser,
  type OptimiserState,
  SGD,
  type SGDOptions,
} from './optimisers.js';
export type { Initialisation } from './recurrent-init.js';
export type { RecurrentLayer, RecurrentSizes } from './recurrent-layer.js';
export { RNN, type RNNGradients, type RNNOptions, type RNNResult, type RNNState } from './rnn.js';
export { constantRate, cosineRate, type Schedule, stepRate } from './schedules.js';
export type { StateDict, Tensor } from './state-dict.js';
export type { Stream, StreamOptions } from './stream.js';
export { Trainer } from './training.js';
export { arrayData, type TrainingData } from './training-data.js';
export type {
  Module,
  RunOptions,
  StepContext,
  StepResult,
  TrainerOptions,
  TrainingProgress,
  TrainingReport,
} from './training-options.js';
