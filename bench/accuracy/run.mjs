/** The accuracy benchmark: see options.mjs for what can be asked, sets.mjs for what is measured. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describeMachine } from '../machine.mjs';
import { HELP, parseOptions } from './options.mjs';
import { Published } from './published.mjs';
import { report } from './report.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const say = (text) => process.stderr.write(`${text}\n`);

try {
  await main(parseOptions(process.argv.slice(2)));
} catch (error) {
  say(`bench: ${error.message}`);
  process.exit(1);
}

async function main(options) {
  if (options.help) return console.log(HELP);
  const data = options.data ?? fileURLToPath(new URL('../shared/data', `file://${root}`));
  if (!existsSync(data))
    return say(`skipped: there is no folder ${data} with the development sets; name one with --data.`);
  if (!existsSync(`${root}dist/index.js`)) throw new Error('nothing is built; npm run build comes first.');
  const machine = describeMachine(process.execPath);
  const results = await evaluateAll(options, data);
  const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
  const markdown = report({
    options,
    machine,
    versions: `Tidegate ${version}`,
    results,
    published: new Published(data),
  });
  console.log(options.json ? JSON.stringify(results, null, 1) : markdown);
  if (options.out !== undefined) writeFileSync(options.out, markdown);
  if (options.write) {
    writeFileSync(`${root}docs/accuracy.md`, markdown);
    say('written: docs/accuracy.md');
  }
}

/** One child process after the other, so that time and memory are those of one call. */
async function evaluateAll({ sets, models, inside, back, stride, season, forecaster }, data) {
  const results = [];
  for (const set of sets) {
    for (const model of [...models, ...(set.moreModels ?? []).filter((name) => !models.includes(name))]) {
      const result = await inChild({ set: set.name, model, data, inside, back, stride, season, forecaster });
      say(`${set.name.padEnd(24)} ${model.padEnd(15)} ${progressLine(result)}`);
      results.push(result);
    }
  }
  return results;
}

function progressLine({ skipped, scores, seconds }) {
  if (skipped) return `skipped: ${skipped}`;
  const figures = Object.entries(scores).filter(([key]) => ['smape', 'mase', 'owa', 'wql', 'mse', 'mae'].includes(key));
  const took = Object.values(seconds).reduce((sum, part) => sum + part, 0);
  return `${figures.map(([key, value]) => `${key} ${value.toFixed(4)}`).join('  ')}  ${took.toFixed(1)} s`;
}

function inChild(request) {
  const program = fileURLToPath(new URL('./evaluate.mjs', import.meta.url));
  const child = spawn(process.execPath, [program, JSON.stringify(request)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      if (status !== 0) reject(new Error(`${request.set} with ${request.model} ended with status ${status}`));
      else resolve(JSON.parse(text));
    });
  });
}
