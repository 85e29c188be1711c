/**
 * Runs the test suite on built code with Node's own runner.
 *
 * Usage: node tools/test.mjs [unit|e2e|all] [--node PATH] [name-part …]
 * Unit tests sit beside the code (src/**\/*.test.ts, run from dist/); end-to-end tests are tests/*.test.mjs.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const args = process.argv.slice(2);
const nodeAt = args.indexOf('--node');
const node = nodeAt < 0 ? process.execPath : args.splice(nodeAt, 2)[1];
const scope = ['unit', 'e2e', 'all'].includes(args[0]) ? args.shift() : 'all';

const list = (folder, pattern) =>
  readdirSync(`${root}${folder}`, { recursive: true })
    .map((name) => `${folder}/${String(name)}`)
    .filter((name) => pattern.test(name))
    .sort();
const files = [
  ...(scope === 'e2e' ? [] : list('dist', /\.test\.js$/)),
  ...(scope === 'unit' ? [] : list('tests', /^tests\/[^/]+\.test\.mjs$/)),
].filter((name) => args.length === 0 || args.some((part) => name.includes(part)));

if (files.length === 0) {
  console.error(`test: no test file matches ${args.join(' ') || scope}`);
  process.exit(1);
}
const { status } = spawnSync(node, ['--test', '--test-reporter=spec', ...files], { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);
