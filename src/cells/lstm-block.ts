/**
 * The memory block of the LSTM: what happens inside one step between the gates' inputs z and the cell's state and
 * output, unit by unit, with its error on the way back. The maps that feed it, and time, are in lstm.ts; with a
 * projection behind it, in lstm-projection.ts.
 *
 * Peepholes let the gates look at the cell state directly: i and f at C_{t−1}, o at C_t. P [3H] in the order i f o;
 * undefined means none. Without a forget gate f ≡ 1, the form of 1997; what stands in z_f is then left unread.
 *
 * Sources: Hochreiter & Schmidhuber 1997 (the block); Gers, Schmidhuber & Cummins 2000 (the forget gate); Gers,
 * Schraudolph & Schmidhuber 2002 (peepholes). Numbers (1)…(6) are those of docs/math.md.
 */
import { sigmoid } from './activations.js';

/**
 * Forward, step t: from z to C_t and m_t = o ⊙ tanh(C_t), which is h_t where nothing projects it.
 *   (1)  i = σ(z_i + P_i ⊙ C_{t−1})                (4)  C̃ = tanh(z_c)
 *   (2)  f = σ(z_f + P_f ⊙ C_{t−1}), or 1          (5)  C_t = f ⊙ C_{t−1} + i ⊙ C̃
 *   (3)  o = σ(z_o + P_o ⊙ C_t)                    (6)  m_t = o ⊙ tanh(C_t)
 * m is filled from `mAt` on, [B,H]; c [T+1,B,H] is filled in row t; gates [T,B,4H] hold z of step t and get i f g o.
 */
export function blockForward(
  m: Float64Array,
  mAt: number,
  c: Float64Array,
  gates: Float64Array,
  P: Float64Array | undefined,
  forgetGate: boolean,
  t: number,
  B: number,
  H: number,
): void {
  const now = t * B * H;
  const before = now - B * H;
  for (let n = 0; n < B; n++) {
    for (let j = 0; j < H; j++) {
      const unit = n * H + j;
      const gate = 4 * before + n * 4 * H + j;
      const past = c[before + unit];
      const i = sigmoid(gates[gate] + peep(P, j, past));
      const f = forgetGate ? sigmoid(gates[gate + H] + peep(P, H + j, past)) : 1;
      const g = Math.tanh(gates[gate + 2 * H]);
      const present = f * past + i * g;
      const o = sigmoid(gates[gate + 3 * H] + peep(P, 2 * H + j, present));
      c[now + unit] = present;
      m[mAt + unit] = o * Math.tanh(present);
      gates[gate] = i;
      gates[gate + H] = f;
      gates[gate + 2 * H] = g;
      gates[gate + 3 * H] = o;
    }
  }
}

/**
 * Backward, step t: from δ_m (δ_h, where nothing projects) to the errors before the activations.
 *   δ_o = δ_m ⊙ tanh C_t ⊙ o ⊙ (1 − o)
 *   δ_C,t = δ_m ⊙ o ⊙ (1 − tanh²C_t) + P_o ⊙ δ_o,t + [δ_C,t+1 ⊙ f_{t+1} + P_i ⊙ δ_i,t+1 + P_f ⊙ δ_f,t+1]
 *   δ_i = δ_C ⊙ C̃ ⊙ i ⊙ (1 − i) ;  δ_f = δ_C ⊙ C_{t−1} ⊙ f ⊙ (1 − f) ;  δ_c = δ_C ⊙ i ⊙ (1 − C̃²)
 *   dP_i += Σ δ_i ⊙ C_{t−1} ;      dP_f += Σ δ_f ⊙ C_{t−1} ;             dP_o += Σ δ_o ⊙ C_t
 * dc [B,H] comes in as the bracket and leaves as the bracket of t − 1; with `carry` off, the mistake of the short form,
 * it is not added. f ≡ 1 has f ⊙ (1 − f) = 0 and so needs no case of its own. dz [T,B,4H] is filled for step t.
 */
export function blockBackward(
  dz: Float64Array,
  dc: Float64Array,
  dP: Float64Array | undefined,
  dm: Float64Array,
  c: Float64Array,
  gates: Float64Array,
  P: Float64Array | undefined,
  carry: boolean,
  t: number,
  B: number,
  H: number,
): void {
  const now = t * B * H;
  const before = now - B * H;
  for (let n = 0; n < B; n++) {
    for (let j = 0; j < H; j++) {
      const unit = n * H + j;
      const gate = 4 * before + n * 4 * H + j;
      const i = gates[gate];
      const f = gates[gate + H];
      const g = gates[gate + 2 * H];
      const o = gates[gate + 3 * H];
      const tanhC = Math.tanh(c[now + unit]);
      const dzo = dm[unit] * tanhC * o * (1 - o);
      const dC = dm[unit] * o * (1 - tanhC * tanhC) + peep(P, 2 * H + j, dzo) + (carry ? dc[unit] : 0);
      dz[gate] = dC * g * i * (1 - i);
      dz[gate + H] = dC * c[before + unit] * f * (1 - f);
      dz[gate + 2 * H] = dC * i * (1 - g * g);
      dz[gate + 3 * H] = dzo;
      dc[unit] = dC * f + peep(P, j, dz[gate]) + peep(P, H + j, dz[gate + H]);
      if (dP === undefined) continue;
      dP[j] += dz[gate] * c[before + unit];
      dP[H + j] += dz[gate + H] * c[before + unit];
      dP[2 * H + j] += dzo * c[now + unit];
    }
  }
}

/** P_k·value, and 0 where there are no peepholes. */
function peep(P: Float64Array | undefined, k: number, value: number): number {
  return P === undefined ? 0 : P[k] * value;
}
