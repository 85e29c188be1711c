/** GF/s of the kernels' own peak loop (src/kernels/peak.ts) in every tier that this Node can run: JSON [{ tier, rates }]. */
import '../../dist/nn-entry.js';
import { engineInfo, instantiateIn, moduleOf } from '../../dist/engine/tier.js';

const ROUNDS = 200_000;

const rates = engineInfo().tiers.map((tier) => {
  const { kernels } = instantiateIn(moduleOf(tier, false), 1, false);
  const rate = () => {
    const begin = performance.now();
    kernels.peak(4096, ROUNDS);
    return (2 * kernels.peakOperations() * ROUNDS) / (performance.now() - begin) / 1e6;
  };
  for (let warm = 0; warm < 10; warm++) rate();
  return { tier, rates: Array.from({ length: 25 }, rate) };
});
console.log(JSON.stringify(rates));
