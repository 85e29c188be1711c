/**
 * Makes the pictures of docs/why-gates.md again, by the commands that are shown there, and keeps what each of them printed.
 *
 * Usage: node tools/why-gates.mjs [name …]      all, or some of: opening gradient learning adding lengths order mackey-glass model
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = 'docs/why-gates';

/** By name: what is typed after `npx tidegate`. The text shows these very lines; tests/why-gates.test.mjs sees to that. */
export const COMMANDS = {
  gradient: [`lab gradient --plot ${folder}/gradient.svg`],
  adding: [
    `lab task adding --cell rnn,leaky,gru,lstm,lstm-chrono,lstm-short --updates 2000 --plot ${folder}/adding.svg`,
  ],
  learning: [`lab gradient --train adding --cells rnn,lstm,lstm-chrono --updates 2000 --plot ${folder}/learning.svg`],
  lengths: [
    `lab task adding --cell rnn,lstm,lstm-chrono --length 10,25,50,100,200 --seeds 3 --plot ${folder}/lengths.svg`,
  ],
  order: [`lab task temporal-order --cell lstm,lstm-short --updates 1000 --plot ${folder}/order.svg`],
  'mackey-glass': [`lab task mackey-glass --plot ${folder}/mackey-glass.svg`],
  model: [
    'fit examples/airline-passengers.csv --horizon 12 --model lstm --save airline.safetensors',
    `lab gradient --model airline.safetensors examples/airline-passengers.csv --plot ${folder}/model.svg`,
    `lab inspect-memory --model airline.safetensors examples/airline-passengers.csv --view 3 --plot ${folder}/traces.svg`,
  ],
};

async function opening() {
  const { openingPlot } = await import('../dist/plots/lab/index.js');
  writeFileSync(`${root}${folder}/opening.svg`, openingPlot({ factor: 0.3 }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const names = process.argv.length > 2 ? process.argv.slice(2) : ['opening', ...Object.keys(COMMANDS)];
  mkdirSync(`${root}${folder}`, { recursive: true });
  for (const name of names) {
    if (name === 'opening') await opening();
    else if (!COMMANDS[name]) throw new Error(`why-gates: there is no picture "${name}"`);
    else writeFileSync(`${root}${folder}/${name}.txt`, COMMANDS[name].map(run).join('\n'));
  }
}

/** Runs a command; gives it and what it printed. */
function run(line) {
  console.log(`$ npx tidegate ${line}`);
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/cli/main.js', ...line.split(' ')], {
    cwd: root,
    encoding: 'utf8',
  });
  console.log(`${stdout}${stderr}(${((performance.now() - began) / 1000).toFixed(0)} s)\n`);
  if (status !== 0) process.exit(status ?? 1);
  return `$ npx tidegate ${line}\n${stdout}`;
}
