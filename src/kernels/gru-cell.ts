/**
 * The element-wise parts of the GRU over `rows` rows of one group of 8 units: r and z in the left and right half of a
 * panel, all else in the same 8 columns of its panel.
 */
import { madd, ROW } from './simd';

/** inner = r ⊙ h_{t−1}. */
export function resetForward(inner: usize, gates: usize, before: usize, rows: i32): void {
  for (const end = gates + <usize>rows * ROW; gates < end; gates += ROW, inner += ROW, before += ROW) {
    const a = f32x4.mul(v128.load(gates), v128.load(before)), b = f32x4.mul(v128.load(gates, 16), v128.load(before, 16));
    v128.store(inner, a);
    v128.store(inner, b, 16);
  }
}

/** candidate += r ⊙ inner. */
export function addInner(candidate: usize, gates: usize, inner: usize, rows: i32): void {
  for (let r: usize = 0, bytes = <usize>rows * ROW; r < bytes; r += ROW) {
    const a = madd(v128.load(gates + r), v128.load(inner + r), v128.load(candidate + r));
    const b = madd(v128.load(gates + r, 16), v128.load(inner + r, 16), v128.load(candidate + r, 16));
    v128.store(candidate + r, a);
    v128.store(candidate + r, b, 16);
  }
}

/** h_t = n + z ⊙ (h_{t−1} − n). */
export function stateForward(h: usize, candidate: usize, gates: usize, before: usize, rows: i32): void {
  for (let r: usize = 0, bytes = <usize>rows * ROW; r < bytes; r += ROW) {
    const a = v128.load(candidate + r), b = v128.load(candidate + r, 16);
    const left = madd(v128.load(gates + r, 32), f32x4.sub(v128.load(before + r), a), a);
    const right = madd(v128.load(gates + r, 48), f32x4.sub(v128.load(before + r, 16), b), b);
    v128.store(h + r, left);
    v128.store(h + r, right, 16);
  }
}

/**
 * From δ_h = dh + carry: δ_n in place of n, δ_z in place of z, and carry = δ_h ⊙ z, the part of δ_h,t−1 that does not pass
 * through weights.
 */
export function cellBackward(dh: usize, carry: usize, candidate: usize, gates: usize, before: usize, rows: i32): void {
  const one = f32x4.splat(1);
  for (let r: usize = 0, bytes = <usize>rows * ROW; r < bytes; r += ROW) {
    const nA = v128.load(candidate + r), nB = v128.load(candidate + r, 16);
    const zA = v128.load(gates + r, 32), zB = v128.load(gates + r, 48);
    const dA = f32x4.add(v128.load(dh + r), v128.load(carry + r));
    const dB = f32x4.add(v128.load(dh + r, 16), v128.load(carry + r, 16));
    const dzA = f32x4.mul(dA, zA), dzB = f32x4.mul(dB, zB), restA = f32x4.sub(one, zA), restB = f32x4.sub(one, zB);
    const changeA = f32x4.mul(f32x4.mul(dzA, f32x4.sub(v128.load(before + r), nA)), restA);
    const changeB = f32x4.mul(f32x4.mul(dzB, f32x4.sub(v128.load(before + r, 16), nB)), restB);
    v128.store(carry + r, dzA);
    v128.store(carry + r, dzB, 16);
    v128.store(candidate + r, f32x4.mul(f32x4.mul(dA, restA), f32x4.sub(one, f32x4.mul(nA, nA))));
    v128.store(candidate + r, f32x4.mul(f32x4.mul(dB, restB), f32x4.sub(one, f32x4.mul(nB, nB))), 16);
    v128.store(gates + r, changeA, 32);
    v128.store(gates + r, changeB, 48);
  }
}

/** Reset-after, after cellBackward: δ_r in place of r, and r ⊙ δ_n in place of inner. */
export function innerBackward(candidate: usize, gates: usize, inner: usize, rows: i32): void {
  const one = f32x4.splat(1);
  for (let v: usize = 0, bytes = <usize>rows * ROW; v < bytes; v += ROW) {
    const rA = v128.load(gates + v), rB = v128.load(gates + v, 16);
    const dA = f32x4.mul(v128.load(candidate + v), rA), dB = f32x4.mul(v128.load(candidate + v, 16), rB);
    v128.store(gates + v, f32x4.mul(f32x4.mul(dA, v128.load(inner + v)), f32x4.sub(one, rA)));
    v128.store(gates + v, f32x4.mul(f32x4.mul(dB, v128.load(inner + v, 16)), f32x4.sub(one, rB)), 16);
    v128.store(inner + v, dA);
    v128.store(inner + v, dB, 16);
  }
}

/** Reset-before: from ds = ∂loss/∂(r ⊙ h_{t−1}), δ_r in place of r, and carry += ds ⊙ r. */
export function resetBackward(ds: usize, carry: usize, gates: usize, before: usize, rows: i32): void {
  const one = f32x4.splat(1);
  for (let v: usize = 0, bytes = <usize>rows * ROW; v < bytes; v += ROW) {
    const rA = v128.load(gates + v), rB = v128.load(gates + v, 16);
    const dA = f32x4.mul(v128.load(ds + v), rA), dB = f32x4.mul(v128.load(ds + v, 16), rB);
    v128.store(gates + v, f32x4.mul(f32x4.mul(dA, v128.load(before + v)), f32x4.sub(one, rA)));
    v128.store(gates + v, f32x4.mul(f32x4.mul(dB, v128.load(before + v, 16)), f32x4.sub(one, rB)), 16);
    v128.store(carry + v, f32x4.add(v128.load(carry + v), dA));
    v128.store(carry + v, f32x4.add(v128.load(carry + v, 16), dB), 16);
  }
}
