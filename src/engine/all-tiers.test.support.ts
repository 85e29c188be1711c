/** The tiers that the engine's tests run over, with what Node gives the engine. */
import { nodeEngineHost } from '../platform/node-engine.js';
import { provideHost } from './host.js';
import { engineInfo } from './tier.js';

provideHost(nodeEngineHost(new URL('../engine-thread.js', import.meta.url)));

export const { tiers } = engineInfo();
