/** Makes what the contenders need: the built engine, the JavaScript peers' packages, the oneDNN program. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const modified = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

/** @throws Error if Tidegate is not built */
export function checkBuild() {
  if (!existsSync(`${folder}../dist/nn-entry.js`)) throw new Error('Tidegate is not built: npm run build.');
}

/** npm ci in bench/ unless that was done since the lock file changed. Without network the peers are missing, no more. */
export function installPeers(report) {
  if (modified(`${folder}node_modules/.package-lock.json`) >= modified(`${folder}package-lock.json`)) return;
  report('installing the JavaScript peers into bench/node_modules …');
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
    stdio: ['ignore', process.stderr, process.stderr],
  });
  if (status !== 0) report('npm ci failed; JavaScript peers that are not there will be skipped.');
}

/** Compiles bench/onednn unless that is done. Returns how to get what is missing, or undefined. */
export function buildOneDnn(report) {
  const source = `${folder}onednn/lstm.cpp`;
  const program = `${folder}.cache/onednn-lstm`;
  if (modified(program) > modified(source)) return undefined;
  report('compiling the oneDNN peer …');
  mkdirSync(`${folder}.cache`, { recursive: true });
  const args = ['-std=c++17', '-O2', source, '-ldnnl', '-fopenmp', '-o', program];
  const { status, stderr } = spawnSync('g++', args, { encoding: 'utf8' });
  if (status === 0) return undefined;
  const reason = (stderr ?? 'no g++').split('\n').find((line) => /error|no g\+\+/.test(line)) ?? 'no g++';
  return `oneDNN does not compile (${reason.trim()}); install g++ and libdnnl-dev 2.x`;
}
