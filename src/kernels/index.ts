/**
 * What the host may call. Kernels never allocate, throw or log: the host plans one arena, checks every size once, and
 * passes addresses in it.
 */
export { outputHalves, sigmaHalves, sigmaRows, slopeOfTanhArray, tanhHalves } from './activations';
export { scale } from './adam';
export { packTargets } from './loss';
export { dismiss, run, serve } from './network';
export { packSteps, unpackSteps } from './panels';
export { peak, peakOfSingles, peakOperations } from './peak';

/** The first free byte after the kernels' own constants. */
export function firstFreeByte(): usize {
  return __heap_base;
}
