/** √(mean squared error / variance), the variance being that of the targets where none is given. */
export function nrmse(predicted: ArrayLike<number>, targets: Float64Array, variance = varianceOf(targets)): number {
  let sum = 0;
  for (let k = 0; k < targets.length; k++) sum += (predicted[k] - targets[k]) * (predicted[k] - targets[k]);
  return Math.sqrt(sum / targets.length / variance);
}

/** Mean squared distance from the mean. */
export function varianceOf(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / values.length;
}
