/** Whether a compiled tier does on this machine what its name says: right values, one rounding, wide registers. */
import type { KernelExports } from './kernel-exports.js';
import type { Tier } from './tier.js';

/** In floats: where `peak` has its sums, x, and the two vectors y. */
const SUMS = 1024;
const FACTOR = SUMS + 96;
const VECTORS = SUMS + 112;

/** @param instance of the tier, with a page of memory */
export function keepsItsPromise(
  tier: Tier,
  { kernels, memory }: { kernels: KernelExports; memory: WebAssembly.Memory },
): boolean {
  const floats = new Float32Array(memory.buffer);
  if (!computesSigma(kernels, floats)) return false;
  if (tier === 'simd') return true;
  return roundsOnce(kernels, floats) && (tier === 'fma' || isWide(kernels));
}

function computesSigma(kernels: KernelExports, floats: Float32Array): boolean {
  for (let k = 0; k < 16; k++) floats[SUMS + k] = k - 8;
  kernels.sigmaRows(4 * SUMS, 4 * SUMS, 1);
  return floats.subarray(SUMS, SUMS + 16).every((value, k) => Math.abs(value - 1 / (1 + Math.exp(8 - k))) < 1e-6);
}

/** (1 + 2⁻¹²)² − (1 + 2⁻¹¹) is 2⁻²⁴; with the product rounded on its own it would be 0. */
function roundsOnce(kernels: KernelExports, floats: Float32Array): boolean {
  floats[FACTOR] = 1 + 2 ** -12;
  floats.fill(1 + 2 ** -12, VECTORS, VECTORS + 8);
  floats.fill(-(1 + 2 ** -11), SUMS, SUMS + 96);
  kernels.peak(4 * SUMS, 1);
  return floats.subarray(SUMS, SUMS + 4).every((value) => value === 2 ** -24);
}

/** In wide registers twelve pairs of sums take as long as twelve single ones; in narrow ones they take at least twice as long. */
function isWide(kernels: KernelExports): boolean {
  const fastest = (work: (address: number, rounds: number) => void) => {
    let best = Number.POSITIVE_INFINITY;
    for (let attempt = 0; attempt < 8; attempt++) {
      const began = performance.now();
      work(4 * SUMS, 2000);
      best = Math.min(best, performance.now() - began);
    }
    return best;
  };
  return fastest(kernels.peak) < 1.5 * fastest(kernels.peakOfSingles);
}
