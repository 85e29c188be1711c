/** Parameters under PyTorch's names and in its layout: what layers load, give out and differentiate by. */
import { usageError } from '../errors.js';

/** An array with its shape, row-major. */
export interface Tensor<V extends ArrayLike<number> = ArrayLike<number>> {
  shape: readonly number[];
  data: V;
}

/** Tensors by PyTorch name: `{ weight_ih_l0: { shape: [4H, D], data }, … }`. */
export type StateDict<V extends ArrayLike<number> = ArrayLike<number>> = Record<string, Tensor<V>>;

/**
 * Checks that `dict` has exactly the tensors of `shapes`, each in its shape and with as many numbers as that says.
 *
 * @throws TidegateError `state_dict_names` or `state_dict_shape`, naming every tensor that is at fault
 */
export function checkStateDict(dict: StateDict, shapes: ReadonlyMap<string, readonly number[]>): void {
  const missing = [...shapes.keys()].filter((name) => !Object.hasOwn(dict, name));
  const unexpected = Object.keys(dict).filter((name) => !shapes.has(name));
  if (missing.length > 0 || unexpected.length > 0) {
    const faults = [
      ...(missing.length > 0 ? [`missing ${missing.join(', ')}`] : []),
      ...(unexpected.length > 0 ? [`unexpected ${unexpected.join(', ')}`] : []),
    ];
    throw usageError(
      'state_dict_names',
      `${faults.join('; ')}. This layer needs exactly ${[...shapes.keys()].join(', ')}: build it with the options that the tensors come from.`,
    );
  }
  const faults = [...shapes].flatMap(([name, shape]) => {
    const got = dict[name];
    const needed = `needed [${shape.join(', ')}]`;
    if (got.shape.length !== shape.length || got.shape.some((size, axis) => size !== shape[axis]))
      return [`${name} is [${got.shape.join(', ')}], ${needed}`];
    const count = elements(shape);
    return got.data.length === count ? [] : [`${name} holds ${got.data.length} numbers, ${needed} = ${count}`];
  });
  if (faults.length > 0)
    throw usageError(
      'state_dict_shape',
      `${faults.join('; ')}. Build the layer with the sizes that the tensors come from.`,
    );
}

/** How many numbers a tensor of this shape holds. */
export function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
