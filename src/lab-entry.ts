/** The entry point `tidegate/lab`. */
import { RELAXED_SIMD_FLAG } from './nn/index.js';
import { allowRelaxedSimd } from './platform/node.js';

allowRelaxedSimd(RELAXED_SIMD_FLAG);

export * from './lab/index.js';
