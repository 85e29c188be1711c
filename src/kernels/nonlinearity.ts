/** The nonlinearity φ of plain recurrent and leaky units, tanh or ReLU, and its derivative from its value. */
import { tanhHalves } from './activations';
import { ROW } from './simd';

/** φ in place over `rows` rows × `columns` (8 or 16) columns of a panel. ReLU keeps NaN. */
export function activate(a: usize, rows: i32, columns: i32, relu: i32): void {
  for (const right = a + (<usize>columns << 2); a < right; a += 32)
    if (relu) reluHalves(a, rows);
    else tanhHalves(a, a, rows);
}

function reluHalves(a: usize, rows: i32): void {
  const zero = f32x4.splat(0);
  for (const end = a + <usize>rows * ROW; a < end; a += ROW) {
    const left = f32x4.pmax(v128.load(a), zero), right = f32x4.pmax(v128.load(a, 16), zero);
    v128.store(a, left);
    v128.store(a, right, 16);
  }
}

/** φ′ where φ = a: 1 − a² for tanh; 1 where a > 0 and 0 elsewhere for ReLU. */
// @ts-ignore: decorator
@inline
export function slope(a: v128, relu: i32): v128 {
  const one = f32x4.splat(1);
  return relu ? v128.and(one, f32x4.gt(a, f32x4.splat(0))) : f32x4.sub(one, f32x4.mul(a, a));
}
