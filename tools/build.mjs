/** Builds everything: the WebAssembly kernels where there are any, then TypeScript into dist/, then the studio's site. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = (...args) => {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
};

if (process.argv.includes('--clean')) rmSync(`${root}dist`, { recursive: true, force: true });
run('tools/build-kernels.mjs');
run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.json');
run('tools/build-studio.mjs');
const command = `${root}dist/cli/main.js`;
if (existsSync(command)) chmodSync(command, 0o755);
