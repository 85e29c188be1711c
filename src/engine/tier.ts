/**
 * The kernels come in tiers, compiled from one source: the best that this host can run is taken unless one is named.
 *
 *   simd  128-bit SIMD, multiplication and addition rounded separately: every host that has WebAssembly SIMD
 *   fma   relaxed SIMD, a·b + c rounded once: Chromium, Firefox, Node ≥ 22; Node 20 with RELAXED_SIMD_FLAG
 *
 * Results are the same bits for the same tier everywhere; `simd` and `fma` differ in the last digits.
 */
import { usageError } from '../errors.js';
import type { KernelExports } from './kernel-exports.js';
import { KERNELS } from './kernels.generated.js';

export type Tier = keyof typeof KERNELS;

/** Best first. */
const PREFERENCE: readonly Tier[] = ['fma', 'simd'];

/**
 * The V8 option that Node 20 needs for tier `fma`; Node 22 and later have it on. A host that wants it calls
 * `v8.setFlagsFromString(RELAXED_SIMD_FLAG)` before the first network is built.
 */
export const RELAXED_SIMD_FLAG = '--experimental-wasm-relaxed-simd';

const bytesOf = (tier: Tier): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(KERNELS[tier]), (character) => character.charCodeAt(0));

const modules = new Map<Tier, WebAssembly.Module>();
let best: Tier | undefined;

/** The best tier that this host can run. Tested once, when it is first asked for. */
export function bestTier(): Tier {
  best ??= PREFERENCE.find((tier) => WebAssembly.validate(bytesOf(tier)));
  if (best === undefined)
    throw usageError(
      'no_simd',
      'this host has no WebAssembly SIMD; Node 20 or a browser of 2023 or later has it. Use the reference engine instead.',
    );
  return best;
}

/** A new instance of a tier's kernels over `memory`. The module is compiled once. */
export function instantiate(tier: Tier, memory: WebAssembly.Memory): KernelExports {
  let module = modules.get(tier);
  if (module === undefined) {
    const bytes = bytesOf(tier);
    if (!WebAssembly.validate(bytes))
      throw usageError(
        'tier_unavailable',
        `this host cannot run tier "${tier}"; leave the tier out to get the best it can.`,
      );
    module = new WebAssembly.Module(bytes);
    modules.set(tier, module);
  }
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as KernelExports;
}

/** The tier that networks get by default, the tiers that this host can run, and the size of the default one's code. */
export function engineInfo(): { tier: Tier; tiers: Tier[]; wasmBytes: number } {
  const tier = bestTier();
  const tiers = PREFERENCE.filter((name) => WebAssembly.validate(bytesOf(name)));
  return { tier, tiers, wasmBytes: bytesOf(tier).length };
}
