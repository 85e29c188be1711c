/** Which engine computes a layer, and the array type that goes with it. */
import { usageError } from '../errors.js';

/** `wasm`: the float32 WebAssembly engine. `reference`: the textbook cells in float64, far slower; the oracle. */
export type EngineKind = 'wasm' | 'reference';

/** What a layer on this engine takes and gives: Float32Array or Float64Array. */
export type Values<E extends EngineKind> = E extends 'reference' ? Float64Array : Float32Array;

/** An array of zeros of the engine's type. */
export function zeros<E extends EngineKind>(engine: E, length: number): Values<E> {
  return (engine === 'reference' ? new Float64Array(length) : new Float32Array(length)) as Values<E>;
}

/**
 * Checks that an array has the engine's type and `needed` numbers.
 *
 * @param what the array's name and shape in words, such as `x [T,B,D] = [7,3,2]`
 * @throws TidegateError `wrong_array_type`, `wrong_length`
 */
export function checkValues<E extends EngineKind>(engine: E, what: string, values: Values<E>, needed: number): void {
  const type = engine === 'reference' ? Float64Array : Float32Array;
  if (!(values instanceof type)) {
    const got = (values as unknown)?.constructor?.name ?? String(values);
    throw usageError(
      'wrong_array_type',
      `${what} is ${got}; engine '${engine}' takes ${type.name}: convert with ${type.name}.from(values).`,
    );
  }
  if (values.length !== needed)
    throw usageError('wrong_length', `${what} needs ${needed} numbers, got ${values.length}: check the sizes passed.`);
}
