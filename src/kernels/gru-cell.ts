/**
 * The element-wise parts of the GRU over `rows` rows of one group of 8 units: r and z in the left and right half of a
 * panel, all else in the same 8 columns of its panel.
 */
import { sigmaOfGates, tanhOfCandidate } from './activations';
import { madd, ROW } from './simd';

/** r, z = σ(·) in place. */
export function gatesForward(gates: usize, rows: i32): void {
  for (const end = gates + <usize>rows * ROW; gates < end; gates += 32) {
    const a = v128.load(gates), b = v128.load(gates, 16);
    v128.store(gates, sigmaOfGates(a));
    v128.store(gates, sigmaOfGates(b), 16);
  }
}

/** inner = r ⊙ h_{t−1}. */
export function resetForward(inner: usize, gates: usize, before: usize, rows: i32): void {
  for (const end = gates + <usize>rows * ROW; gates < end; gates += ROW, inner += ROW, before += ROW) {
    v128.store(inner, f32x4.mul(v128.load(gates), v128.load(before)));
    v128.store(inner, f32x4.mul(v128.load(gates, 16), v128.load(before, 16)), 16);
  }
}

/** n = tanh(n + r ⊙ inner), or tanh(n) with `inner` = 0, in place. */
export function candidateForward(candidate: usize, gates: usize, inner: usize, rows: i32): void {
  for (let r: usize = 0, bytes = <usize>rows * ROW; r < bytes; r += ROW) {
    let a = v128.load(candidate + r), b = v128.load(candidate + r, 16);
    if (inner) {
      a = madd(v128.load(gates + r), v128.load(inner + r), a);
      b = madd(v128.load(gates + r, 16), v128.load(inner + r, 16), b);
    }
    v128.store(candidate + r, tanhOfCandidate(a));
    v128.store(candidate + r, tanhOfCandidate(b), 16);
  }
}

/** h_t = n + z ⊙ (h_{t−1} − n). */
export function stateForward(h: usize, candidate: usize, gates: usize, before: usize, rows: i32): void {
  for (let r: usize = 0, bytes = <usize>rows * ROW; r < bytes; r += ROW) {
    for (let v = r; v < r + 32; v += 16) {
      const n = v128.load(candidate + v);
      v128.store(h + v, madd(v128.load(gates + v, 32), f32x4.sub(v128.load(before + v), n), n));
    }
  }
}

/**
 * From δ_h = dh + carry: δ_n in place of n, δ_z in place of z, and carry = δ_h ⊙ z, the part of δ_h,t−1 that does not pass
 * through weights. With `inner` ≠ 0 (reset-after) also δ_r in place of r and r ⊙ δ_n in place of inner.
 */
export function cellBackward(
  dh: usize, carry: usize, candidate: usize, gates: usize, inner: usize, before: usize, rows: i32,
): void {
  const one = f32x4.splat(1);
  for (let row: usize = 0, bytes = <usize>rows * ROW; row < bytes; row += ROW) {
    for (let v = row; v < row + 32; v += 16) {
      const n = v128.load(candidate + v), z = v128.load(gates + v, 32);
      const dH = f32x4.add(v128.load(dh + v), v128.load(carry + v)), dHz = f32x4.mul(dH, z);
      const rest = f32x4.sub(one, z);
      const dN = f32x4.mul(f32x4.mul(dH, rest), f32x4.sub(one, f32x4.mul(n, n)));
      v128.store(carry + v, dHz);
      v128.store(candidate + v, dN);
      v128.store(gates + v, f32x4.mul(f32x4.mul(dHz, f32x4.sub(v128.load(before + v), n)), rest), 32);
      if (inner) {
        const r = v128.load(gates + v), dNr = f32x4.mul(dN, r);
        v128.store(gates + v, f32x4.mul(f32x4.mul(dNr, v128.load(inner + v)), f32x4.sub(one, r)));
        v128.store(inner + v, dNr);
      }
    }
  }
}

/** Reset-before: from ds = ∂loss/∂(r ⊙ h_{t−1}), δ_r in place of r, and carry += ds ⊙ r. */
export function resetBackward(ds: usize, carry: usize, gates: usize, before: usize, rows: i32): void {
  const one = f32x4.splat(1);
  for (let row: usize = 0, bytes = <usize>rows * ROW; row < bytes; row += ROW) {
    for (let v = row; v < row + 32; v += 16) {
      const r = v128.load(gates + v), dSr = f32x4.mul(v128.load(ds + v), r);
      v128.store(gates + v, f32x4.mul(f32x4.mul(dSr, v128.load(before + v)), f32x4.sub(one, r)));
      v128.store(carry + v, f32x4.add(v128.load(carry + v), dSr));
    }
  }
}
