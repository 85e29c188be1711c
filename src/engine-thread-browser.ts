/** Entry point of a worker thread of the engine in browsers: helps one network after another. */
import { serveNetwork } from './engine/index.js';
import { onOrders } from './platform/browser-engine.js';

onOrders(serveNetwork);
