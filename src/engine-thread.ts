/** Entry point of a worker thread of the engine: helps one network after another. */
import { serveNetwork } from './engine/index.js';
import { onOrders } from './platform/node-engine.js';

onOrders(serveNetwork);
