/** The memory lab: what cells remember, and whether their gradients are right. */
export { ENGINE_BOUND, FINITE_DIFFERENCE_BOUND, VERIFY_CASES, type VerifyRow, verifyGradients } from './verify.js';
