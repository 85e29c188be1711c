/** The entry point `tidegate/nn`: layers, their gradients, and what computes them. */
export { engineInfo, RELAXED_SIMD_FLAG } from '../engine/index.js';
export type { EngineKind, Values } from './engine-kind.js';
export { type GradientCheck, gradCheck, type NamedArrays } from './grad-check.js';
export { LSTM, type LSTMGradients, type LSTMResult, type LSTMState } from './lstm.js';
export type { LSTMOptions } from './lstm-options.js';
export type { StateDict, Tensor } from './state-dict.js';
