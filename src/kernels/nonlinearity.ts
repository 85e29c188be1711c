/** The nonlinearity φ of plain recurrent and leaky units, tanh or ReLU, and its derivative from its value. */
import { tanhOfUnit } from './activations';
import { ROW } from './simd';

/** φ in place over `rows` rows × `columns` (8 or 16) columns of a panel. ReLU keeps NaN. */
export function activate(a: usize, rows: i32, columns: i32, relu: i32): void {
  const zero = f32x4.splat(0), width = <usize>columns << 2;
  for (const end = a + <usize>rows * ROW; a < end; a += ROW) {
    for (let v = a; v < a + width; v += 32) {
      const p = v128.load(v), q = v128.load(v, 16);
      if (relu) {
        v128.store(v, f32x4.pmax(p, zero));
        v128.store(v, f32x4.pmax(q, zero), 16);
      } else {
        v128.store(v, tanhOfUnit(p));
        v128.store(v, tanhOfUnit(q), 16);
      }
    }
  }
}

/** φ′ where φ = a: 1 − a² for tanh; 1 where a > 0 and 0 elsewhere for ReLU. */
// @ts-ignore: decorator
@inline
export function slope(a: v128, relu: i32): v128 {
  const one = f32x4.splat(1);
  return relu ? v128.and(one, f32x4.gt(a, f32x4.splat(0))) : f32x4.sub(one, f32x4.mul(a, a));
}
