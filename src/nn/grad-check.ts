/** Checks a gradient against central differences: for a layer or loss of one's own, and what our own tests use. */
export { type GradientCheck, gradCheck, type NamedArrays } from '../cells/finite-difference.js';
