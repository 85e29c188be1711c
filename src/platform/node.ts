/** Node's side of everything that depends on the machine. */

export { nodeEngineHost } from './node-engine.js';
export { openBytes, readFileBytes, writeFileAtomic } from './node-files.js';
export { WorkerPool } from './node-workers.js';
