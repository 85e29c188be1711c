/**
 * The logistic function σ(z) = 1 / (1 + e^−z), with σ′ = σ·(1 − σ). Exactly 0 below −710 and exactly 1 above 37, so a
 * gate can be shut or opened to the last bit; never NaN for a number. tanh is Math.tanh, with tanh′ = 1 − tanh².
 */
export function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z));
}

/** φ: tanh, or ReLU φ(z) = max(0, z). */
export type Nonlinearity = 'tanh' | 'relu';

/** φ(z). */
export function phi(z: number, nonlinearity: Nonlinearity): number {
  return nonlinearity === 'tanh' ? Math.tanh(z) : Math.max(0, z);
}

/** φ′(z) from the output a = φ(z): tanh′ = 1 − a²; ReLU′ = 1 where a > 0 and 0 elsewhere (at z = 0 too, as PyTorch). */
export function phiSlope(a: number, nonlinearity: Nonlinearity): number {
  return nonlinearity === 'tanh' ? 1 - a * a : a > 0 ? 1 : 0;
}
