/** Runs the unit suite on every Node version of tests/nodes/package.json (Linux on x64; elsewhere there is nothing to run). */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = `${root}tests/nodes`;
if (process.platform !== 'linux' || process.arch !== 'x64') {
  console.log('test-nodes: the binaries are for Linux on x64; skipped here.');
  process.exit(0);
}
const run = (command, args, cwd = root) => spawnSync(command, args, { cwd, stdio: 'inherit' }).status ?? 1;

if (run('npm', ['ci', '--no-audit', '--no-fund'], folder) !== 0) process.exit(1);
const names = Object.keys(JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')).dependencies);
const failed = [];
for (const name of names) {
  const node = `${folder}/node_modules/${name}/bin/node`;
  const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  console.log(`\n== unit tests on Node ${String(stdout).trim()}`);
  if (run(process.execPath, ['tools/test.mjs', 'unit', '--node', node]) !== 0) failed.push(name);
}
if (failed.length > 0) console.error(`test-nodes: failed on ${failed.join(', ')}`);
process.exit(failed.length > 0 ? 1 : 0);
