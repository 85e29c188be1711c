/**
 * What the host may call. Kernels never allocate, throw or log: the host plans one arena, checks every size once, and
 * passes addresses in it.
 */
export { sigmaArray, tanhArray } from './activations';
export { adam, scale, sumOfSquares } from './adam';
export { linearBackward, linearForward, linearInputGradient } from './linear';
export { lstmBackward, lstmForward, lstmInputGradient } from './lstm';
export { packRows, unpackRows } from './panels';
export { packTargets, pinball } from './pinball';

/** The first free byte after the kernels' own constants. */
export function firstFreeByte(): usize {
  return __heap_base;
}
