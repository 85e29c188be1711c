/**
 * How time and memory grow with the data: `tidegate forecast` on files of 1000, 3000 and 10 000 series of 100 months each (level,
 * trend, season and noise, all different; the same file every time), from the file to the file of forecasts.
 *
 * Usage: node bench/scale.mjs [--model auto] [series …]
 */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeMachine } from './machine.mjs';

const LENGTH = 100;
const HORIZON = 12;

/** A small generator of random numbers in [0, 1): mulberry32. */
function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** The values of one series. */
function valuesOf(series) {
  const random = randomFrom(series + 1);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const level = 10 ** (1 + 3 * random());
  const trend = 0.01 * (random() - 0.3);
  const season = Array.from({ length: 12 }, () => 0.2 * normal() * random());
  const noise = 0.02 + 0.1 * random();
  let wander = 0;
  return Array.from({ length: LENGTH }, (_, t) => {
    wander += 0.01 * normal();
    return level * Math.exp(trend * t + season[t % 12] + wander + noise * normal());
  });
}

/** Writes the file of so many series. */
export async function writeSeries(path, count) {
  const months = Array.from({ length: LENGTH }, (_, t) => new Date(Date.UTC(2015, t, 1)).toISOString().slice(0, 10));
  const file = createWriteStream(path);
  file.write('unique_id,ds,y\n');
  for (let s = 0; s < count; s++) {
    const rows = valuesOf(s).map((y, t) => `shop-${s},${months[t]},${y.toPrecision(6)}\n`);
    if (!file.write(rows.join(''))) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
}

const args = process.argv.slice(2);
const modelAt = args.indexOf('--model');
const model = modelAt < 0 ? 'auto' : args.splice(modelAt, 2)[1];
const counts = args.length > 0 ? args.map(Number) : [1000, 3000, 10_000];
const folder = mkdtempSync(join(tmpdir(), 'tidegate-scale-'));
const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const { cpu, cores, node, load } = describeMachine(process.execPath);
console.log(`${cpu}, ${cores} cores, load ${load.toFixed(1)}, Node ${node}`);
console.log(`--model ${model}, --horizon ${HORIZON}, ${LENGTH} values a series\n`);
console.log('| series | rows | seconds | processor seconds | peak memory, MB |\n|---|---|---|---|---|');
try {
  for (const count of counts) {
    await writeSeries(join(folder, 'series.csv'), count);
    const began = performance.now();
    const { status, stderr } = spawnSync(
      process.execPath,
      [
        ...['--import', at('./resources.mjs'), at('../dist/cli/main.js'), 'forecast', 'series.csv'],
        ...['--horizon', `${HORIZON}`, '--model', model, '--out', 'forecast.parquet'],
      ],
      { cwd: folder, encoding: 'utf8', env: { ...process.env, RESOURCES_FILE: join(folder, 'resources.json') } },
    );
    const seconds = (performance.now() - began) / 1000;
    if (status !== 0) throw new Error(stderr);
    const { maxRSS, userCPUTime, systemCPUTime } = JSON.parse(readFileSync(join(folder, 'resources.json'), 'utf8'));
    const processor = (userCPUTime + systemCPUTime) / 1e6;
    console.log(
      `| ${count} | ${count * LENGTH} | ${seconds.toFixed(1)} | ${processor.toFixed(1)} | ${Math.round(maxRSS / 1000)} |`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
