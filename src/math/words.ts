/** The two halves of a float64, which the methods of fdlibm work on. */

const float = new Float64Array(1);
const halves = new Int32Array(float.buffer);
/** Hosts of WebAssembly are little-endian, but this is not about WebAssembly. */
const HIGH = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;

/** Sign, exponent and the first twenty bits of the mantissa. */
export function highWord(x: number): number {
  float[0] = x;
  return halves[HIGH];
}

/** x with another high word. */
export function withHighWord(x: number, high: number): number {
  float[0] = x;
  halves[HIGH] = high;
  return float[0];
}

/** x with its low word zero: its square is exact. */
export function withoutLowWord(x: number): number {
  float[0] = x;
  halves[1 - HIGH] = 0;
  return float[0];
}
