/** The entry point `tidegate/lab` in browsers: all but `runLabJobs`, whose worker threads are Node's. `runLabJob` does one job where it is called. */
import { provideHost } from './nn/index.js';
import { browserEngineHost } from './platform/browser-engine.js';

provideHost(
  browserEngineHost(
    // In this very form bundlers know that the script is a worker's, and bundle it.
    () => new Worker(new URL('./engine-thread-browser.js', import.meta.url), { type: 'module' }),
  ),
);

export * from './lab/index.js';
