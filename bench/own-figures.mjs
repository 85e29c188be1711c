/** Two things about Tidegate alone: the peak of a core in each tier, and how long it takes to start. Each in fresh processes. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median } from './schedule.mjs';

const STARTS = 7;

function run(node, script) {
  const child = fileURLToPath(new URL(`contenders/${script}`, import.meta.url));
  const { stdout, stderr, status } = spawnSync(node, [child], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${script} failed: ${stderr.trim().split('\n').at(-1)}`);
  return JSON.parse(stdout);
}

/** [{ tier, rate in GF/s }] of the tiers that this Node can run. */
export const measurePeaks = (node) =>
  run(node, 'tidegate-peak.mjs').map(({ tier, rates }) => ({ tier, rate: median(rates) }));

/** [{ what, ms }]: medians over some starts. */
export function measureStart(node) {
  const starts = Array.from({ length: STARTS }, () => run(node, 'tidegate-start.mjs'));
  return Object.keys(starts[0]).map((what) => ({ what, ms: median(starts.map((start) => start[what])) }));
}
