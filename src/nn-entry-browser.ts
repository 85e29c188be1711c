/** The entry point `tidegate/nn` in browsers: all but `saveCheckpoint` and `loadCheckpoint`, which need files. */
import { provideHost } from './nn/index.js';
import { browserEngineHost } from './platform/browser-engine.js';

provideHost(
  browserEngineHost(
    // In this very form bundlers know that the script is a worker's, and bundle it.
    () => new Worker(new URL('./engine-thread-browser.js', import.meta.url), { type: 'module' }),
  ),
);

export * from './nn-portable.js';
