/** The float32 engine: recurrent networks on WebAssembly SIMD. */
export { type EngineHost, provideHost, type Thread } from './host.js';
export type { Capacity, LayerSpec } from './layer-spec.js';
export type { Loss } from './loss.js';
export { type EngineOptions, Network, type TrainOptions } from './network.js';
export type { AdamOptions } from './optimiser.js';
export type { LayerState, NetworkState } from './pass.js';
export type { Slot } from './plan.js';
export { serveNetwork, type ThreadOrder } from './team.js';
export { configureEngine, type EngineInfo, engineInfo, type Tier } from './tier.js';
