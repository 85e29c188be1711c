/** One gate out of gates that lie side by side at each step: [T][count·H] → [T][H]. */
export function gateOf(gates: Float64Array, index: number, count: number, H: number): Float64Array {
  const T = gates.length / (count * H);
  const own = new Float64Array(T * H);
  for (let t = 0; t < T; t++) own.set(gates.subarray((t * count + index) * H, (t * count + index + 1) * H), t * H);
  return own;
}
