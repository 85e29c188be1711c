/** The main job on a real series: airline passengers, two years ahead. Writes examples/airline-passengers.svg and .forecast.csv. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const command = 'dist/cli/main.js';
if (!existsSync(`${root}${command}`)) {
  console.error('demo: nothing is built yet; run npm ci first.');
  process.exit(1);
}
const args = [
  ...['forecast', 'examples/airline-passengers.csv', '--horizon', '24'],
  ...['--out', 'examples/airline-passengers.forecast.csv', '--plot', 'examples/airline-passengers.svg'],
];
console.log(`$ npx tidegate ${args.join(' ')}\n`);
const { status } = spawnSync(process.execPath, [command, ...args], { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);
