/**
 * Fails on an import that points up or sideways through the layers of docs/architecture.md, on Node's modules and the
 * browser's globals outside the places that may have them, on what a browser could not load or would compute differently, and on a cycle between files.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What each folder (or top-level file) of src/ may import, besides itself. */
const MAY_IMPORT = {
  errors: [],
  math: [],
  random: ['math'],
  kernels: [],
  engine: ['kernels', 'math', 'errors'],
  cells: ['math', 'random', 'errors'],
  nn: ['engine', 'cells', 'math', 'random', 'errors'],
  series: ['math', 'errors'],
  forecasting: ['nn', 'series', 'interop', 'math', 'random', 'errors'],
  lab: ['nn', 'cells', 'math', 'random', 'errors'],
  plots: [],
  interop: ['errors'],
  platform: ['errors'],
  cli: ['index', 'lab-entry', 'plots', 'platform', 'errors'],
  studio: ['index-browser', 'nn-entry-browser', 'lab-entry-browser', 'plots', 'errors'],
  // Entry points: they put the parts together and inject the platform.
  'index-portable': ['forecasting', 'series', 'nn', 'errors'],
  index: ['index-portable', 'forecasting', 'series', 'platform', 'nn', 'errors'],
  'index-browser': ['index-portable', 'forecasting', 'series', 'platform', 'nn', 'errors'],
  'lab-portable': ['lab', 'platform'],
  'lab-entry': ['lab-portable', 'lab', 'nn', 'platform'],
  'lab-entry-browser': ['lab-portable', 'lab', 'nn', 'platform'],
  'nn-portable': ['nn', 'interop'],
  'nn-entry': ['nn', 'nn-portable', 'platform'],
  'nn-entry-browser': ['nn', 'nn-portable', 'platform'],
  worker: ['forecasting', 'nn', 'platform', 'errors'],
  'lab-worker': ['lab', 'nn', 'platform'],
  'lab-worker-browser': ['lab', 'nn', 'platform'],
  'worker-browser': ['forecasting', 'nn', 'platform'],
  'engine-thread': ['engine', 'platform'],
  'engine-thread-browser': ['engine', 'platform'],
};
/** Imports that carry types only may also go here: pictures and files know the shape of what they show. */
const MAY_IMPORT_TYPES = { plots: ['forecasting', 'series', 'lab', 'index'], interop: ['nn'], platform: ['engine'] };
/** Which files may use Node's modules, and which the globals that only browsers have. */
const MAY_USE_NODE = /^(?:cli\/|platform\/node-)/;
const MAY_USE_BROWSER = /^(?:studio\/|platform\/browser-)|^[^/]*-browser\.ts$/;
const BROWSER_GLOBALS = /\b(?:window|document|navigator|localStorage)\.|\bcrossOriginIsolated\b|\bnew SharedWorker\b/;
/** Entry points that a browser loads as they are, with all that they import: no Node, no names of packages. */
const FOR_BROWSERS = [
  'nn-entry-browser.ts',
  'lab-entry-browser.ts',
  'lab-worker-browser.ts',
  'engine-thread-browser.ts',
];
/** Those that need a bundler, and the packages that they may name: all of them run in browsers. */
const FOR_BUNDLERS = [
  'index-browser.ts',
  'worker-browser.ts',
  'studio/main.tsx',
  'studio/work/work-thread.ts',
  'studio/work/lab-thread.ts',
];
const BUNDLED =
  /^(?:papaparse|valibot|hyparquet(?:-compressors|-writer)?|zstddec|d3-[a-z-]+|preact|@preact\/signals|uplot)(?:\/|$)/;
/** Where forecasts are computed, the last digit must not depend on the host: ECMAScript leaves it open for these. math/ has the same. */
const SAME_EVERYWHERE = /^(?:forecasting\/|series\/|random\.ts|math\/)/;
const HOST_MATH = /\bMath\.(?:exp|expm1|log|log1p|log2|log10|pow|cbrt|hypot|a?(?:sin|cos|tan)h?|atan2)\(/;
const NODE_GLOBALS = /\b(?:process|Buffer)\.|\bsetImmediate\(/;

const root = fileURLToPath(new URL('../src/', import.meta.url));
const files = readdirSync(root, { recursive: true })
  .map((name) => String(name))
  .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.d.ts'));

const layerOf = (file) => (file.includes('/') ? file.slice(0, file.indexOf('/')) : file.replace(/\.tsx?$/, ''));
const sourceOf = (target) =>
  [target.replace(/\.js$/, '.tsx'), target.replace(/\.js$/, '.ts')].find((name) => files.includes(name)) ?? target;
const problems = [];
const graph = new Map();
/** By file: a global that a browser would not have, and the packages and modules that it names. */
const onlyNode = new Map();
const named = new Map();

for (const file of files) {
  const from = layerOf(file.replace(/\.test(\.support)?\.ts$/, '.ts'));
  const isTest = /\.test(\.support)?\.ts$/.test(file);
  const text = readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  const edges = [];
  if (!(from in MAY_IMPORT))
    problems.push(`${file}: folder or entry "${from}" is not in the layer table of tools/layers.mjs`);
  const pattern =
    /^\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]/gm;
  for (const [, typeOnly, fixed, dynamic] of text.matchAll(pattern)) {
    const target = fixed ?? dynamic;
    if (target.startsWith('node:') && !isTest && !MAY_USE_NODE.test(file))
      problems.push(`${file}: imports ${target}; only platform/node-* and cli/ may use Node's modules`);
    if (!target.startsWith('.')) {
      if (!typeOnly) named.set(file, [...(named.get(file) ?? []), target]);
      continue;
    }
    const to = sourceOf(normalize(join(dirname(file), target)));
    const layer = layerOf(to);
    if (!typeOnly) edges.push(to);
    if (layer === from) continue;
    const allowed = [
      ...(isTest ? ['random', 'errors', 'platform'] : []),
      ...(MAY_IMPORT[from] ?? []),
      ...(typeOnly ? (MAY_IMPORT_TYPES[from] ?? []) : []),
    ];
    if (!allowed.includes(layer)) problems.push(`${file}: "${from}" may not import "${layer}" (${target})`);
  }
  if (isTest) continue;
  graph.set(file, edges);
  const code = text.replace(/^\s*\/\/.*$/gm, '');
  const [hostMath] = (SAME_EVERYWHERE.test(file) && HOST_MATH.exec(code)) || [];
  if (hostMath) problems.push(`${file}: uses ${hostMath}…), whose last digit depends on the host; take it from math/`);
  const [nodeGlobal] = NODE_GLOBALS.exec(code) ?? [];
  if (nodeGlobal) onlyNode.set(file, nodeGlobal);
  const [browserGlobal] = BROWSER_GLOBALS.exec(code) ?? [];
  if (browserGlobal && !MAY_USE_BROWSER.test(file))
    problems.push(
      `${file}: uses ${browserGlobal}; only platform/browser-* and *-browser.ts may use the browser's globals`,
    );
}

for (const entry of [...FOR_BROWSERS, ...FOR_BUNDLERS]) {
  const bundled = FOR_BUNDLERS.includes(entry);
  if (!graph.has(entry)) problems.push(`${entry}: is not there; tools/layers.mjs names it as an entry of browsers`);
  const loaded = new Set([entry]);
  for (const file of loaded) {
    for (const next of graph.get(file) ?? []) loaded.add(next);
    const foreign = named.get(file)?.filter((name) => !(bundled && BUNDLED.test(name))) ?? [];
    if (onlyNode.has(file)) foreign.push(onlyNode.get(file));
    for (const name of foreign) problems.push(`${file}: uses ${name}, and ${entry} brings it into browsers`);
  }
}

const state = new Map();
const visit = (file, path) => {
  if (state.get(file) === 'done' || !graph.has(file)) return;
  if (state.get(file) === 'open') {
    problems.push(`cycle: ${[...path.slice(path.indexOf(file)), file].join(' → ')}`);
    return;
  }
  state.set(file, 'open');
  for (const next of graph.get(file)) visit(next, [...path, file]);
  state.set(file, 'done');
};
for (const file of graph.keys()) visit(file, []);

for (const problem of problems) console.error(`layers: ${problem}`);
console.log(`layers: ${files.length} files, ${problems.length} problems`);
process.exit(problems.length > 0 ? 1 : 0);
