/** A trained network as the lab takes it. */
import type { QuantileNetworkSpec, Tensors } from '../../nn/quantile-network.js';
import { type LayerWeights, layerWeights } from './layer-weights.js';

/** A network of a forecasting model: `Forecaster.networks()` gives spec and tensors. */
export interface TrainedNetwork {
  readonly spec: QuantileNetworkSpec;
  readonly tensors: Tensors;
}

/** Its recurrent layers, lowest first. An ESN is leaky units whose weights were not trained. */
export function modelLayers({ spec, tensors }: TrainedNetwork): LayerWeights[] {
  const { cell, layers, hiddenSize } = spec;
  return Array.from({ length: layers }, (_, layer) =>
    layerWeights(cell === 'esn' ? 'leaky' : cell, hiddenSize, (name) => tensors.get(`${cell}.${name}_l${layer}`)?.data),
  );
}

/**
 * ∂L/∂h_T of L = the network's part of the median forecast, averaged over the horizon: what the head makes of the last h.
 * [H]; the level next to ½ where there is no ½.
 */
export function forecastGradient({ spec, tensors }: TrainedNetwork): Float64Array {
  const { hiddenSize: H, horizon: K, levels } = spec;
  const weight = tensors.get('head.weight')?.data ?? new Float32Array(levels.length * K * H);
  const middle = levels.reduce(
    (best, level, q) => (Math.abs(level - 0.5) < Math.abs(levels[best] - 0.5) ? q : best),
    0,
  );
  const u = new Float64Array(H);
  for (let k = 0; k < K; k++) for (let j = 0; j < H; j++) u[j] += weight[(middle * K + k) * H + j] / K;
  return u;
}
