/** Functions whose every bit is the same on every host: sums, products, quotients and roots are, by IEEE 754, and these are made of them. */
export { asin } from './asin.js';
export { exp } from './exp.js';
export { log, log1p } from './log.js';
export { power } from './power.js';
export { cos, sin } from './sine.js';
export { tanh } from './tanh.js';
