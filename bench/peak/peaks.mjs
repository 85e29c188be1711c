/** The peak of one core in each tier that a Node can run, in GF/s. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median } from '../schedule.mjs';
import { compile, operationsPerTurn } from './kernel.mjs';

const child = fileURLToPath(new URL('measure.mjs', import.meta.url));

/** V8 packs pairs since the version of Node 24. */
const tiersOf = (major) => ['simd', 'fma', ...(major >= 24 ? ['fma256'] : [])];

/** [{ tier, rate }]; `failed` instead of `rate` where the loop does not run. */
export async function measurePeaks(node, nodeMajor) {
  const peaks = [];
  for (const tier of tiersOf(nodeMajor)) {
    const input = await compile(tier);
    const { stdout, stderr, status } = spawnSync(node, [child, tier, `${operationsPerTurn(tier)}`], { input });
    peaks.push(
      status === 0
        ? { tier, rate: median(JSON.parse(stdout)) }
        : { tier, failed: `${stderr}`.trim().split('\n').at(-1) },
    );
  }
  return peaks;
}
