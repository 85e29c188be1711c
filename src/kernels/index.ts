/**
 * What the host may call. Kernels never allocate, throw or log: the host plans one arena, checks every size once, and
 * passes addresses in it.
 */
export { sigmaArray, slopeOfTanhArray, tanhArray } from './activations';
export { adam, scale, sumOfSquares } from './adam';
export { gruBackward, gruForward, gruInputGradient } from './gru';
export { leakyBackward, leakyForward, leakyInputGradient } from './leaky';
export { linearBackward, linearForward, linearInputGradient } from './linear';
export { lstmBackward, lstmForward, lstmInputGradient } from './lstm';
export { lstmVariantBackward, lstmVariantForward, lstmVariantInputGradient } from './lstm-variant';
export { packRows, unpackRows } from './panels';
export { packTargets, pinball } from './pinball';
export { rnnBackward, rnnForward, rnnInputGradient } from './rnn';

/** The first free byte after the kernels' own constants. */
export function firstFreeByte(): usize {
  return __heap_base;
}
