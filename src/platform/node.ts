/** Node's side of everything that depends on the machine. */

export { runSql } from './node-duckdb.js';
export { nodeEngineHost } from './node-engine.js';
export { fileAt, openBytes, readFileBytes, writeFileAtomic } from './node-files.js';
export { expandGlob } from './node-glob.js';
export { publicHolidays } from './node-holidays.js';
export { installedVersion } from './node-optional.js';
export { renderPng } from './node-png.js';
export { ThreadPool } from './node-workers.js';
