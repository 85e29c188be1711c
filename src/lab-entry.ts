/** The entry point `tidegate/lab`. */
import { provideHost } from './nn/index.js';
import { nodeEngineHost } from './platform/node.js';

provideHost(nodeEngineHost(new URL('./engine-thread.js', import.meta.url)));

export * from './lab/index.js';
