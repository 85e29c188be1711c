/** Node's side of everything that depends on the machine. */
export { openBytes, readFileBytes, writeFileAtomic } from './node-files.js';
export { allowRelaxedSimd } from './node-simd.js';
export { WorkerPool } from './node-workers.js';
