/** The float32 engine: recurrent networks on WebAssembly SIMD. */
export type { Capacity, LayerSpec } from './layer-spec.js';
export { Network, type TrainOptions } from './network.js';
export type { AdamOptions } from './optimiser.js';
export type { LayerState, NetworkState } from './pass.js';
export type { Slot } from './plan.js';
export { engineInfo, RELAXED_SIMD_FLAG, type Tier } from './tier.js';
