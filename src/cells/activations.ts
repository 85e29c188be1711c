/**
 * The logistic function σ(z) = 1 / (1 + e^−z), with σ′ = σ·(1 − σ). Exactly 0 below −710 and exactly 1 above 37, so a
 * gate can be shut or opened to the last bit; never NaN for a number. tanh is Math.tanh, with tanh′ = 1 − tanh².
 */
export function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z));
}
