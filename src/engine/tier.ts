/**
 * The kernels come in tiers, compiled from one source: the best that this host can run is taken unless one is named.
 *
 *   simd    128-bit SIMD, multiplication and addition rounded separately: every host that has WebAssembly SIMD
 *   fma     relaxed SIMD, a·b + c rounded once: Chromium, Firefox, Node
 *   fma256  the same arithmetic in pairs that V8 puts into 256-bit registers: Node ≥ 24 on x64 with AVX2
 *
 * `fma` and `fma256` give the same bits; `simd` differs from them in the last digits. A tier counts only if it has passed a test
 * of what it promises.
 */
import { usageError } from '../errors.js';
import { engineHost } from './host.js';
import type { KernelExports } from './kernel-exports.js';
import { KERNELS } from './kernels.generated.js';
import { keepsItsPromise } from './self-test.js';

export type Tier = keyof typeof KERNELS;

/** Best first. */
export const TIERS: readonly Tier[] = ['fma256', 'fma', 'simd'];

/** The kernels ask for shared memory; this is the byte that says so, and its values. */
const SHARED = 3;
const UNSHARED = 1;

const bytesOf = (tier: Tier, shared: boolean): Uint8Array<ArrayBuffer> => {
  const { base64, memoryFlags } = KERNELS[tier];
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  bytes[memoryFlags] = shared ? SHARED : UNSHARED;
  return bytes;
};

const modules = new Map<string, WebAssembly.Module | null>();
const verdicts = new Map<Tier, boolean>();

/** A tier's module, compiled once; null where the host cannot. */
export function moduleOf(tier: Tier, shared: boolean): WebAssembly.Module | null {
  const key = `${tier} ${shared}`;
  let module = modules.get(key);
  if (module === undefined) {
    const bytes = bytesOf(tier, shared);
    module = WebAssembly.validate(bytes) ? engineHost().compile(bytes, tier) : null;
    modules.set(key, module);
  }
  return module;
}

/** Whether this host runs the tier as it should. Tested once. */
function available(tier: Tier): boolean {
  let verdict = verdicts.get(tier);
  if (verdict === undefined) {
    const module = tier === 'fma256' && !engineHost().widens ? null : moduleOf(tier, false);
    verdict = module !== null && keepsItsPromise(tier, module);
    verdicts.set(tier, verdict);
  }
  return verdict;
}

/** The tier that the user wants, or the next that this host can run; the best if no wish is known. */
export function bestTier(): Tier {
  const wanted = engineHost().wantedTier;
  if (wanted !== undefined && !TIERS.includes(wanted as Tier))
    throw usageError('bad_tier', `TIDEGATE_TIER is "${wanted}"; use one of ${TIERS.join(', ')}, or leave it unset.`);
  const best = TIERS.slice(Math.max(0, TIERS.indexOf(wanted as Tier))).find(available);
  if (best === undefined)
    throw usageError(
      'no_simd',
      'this host has no WebAssembly SIMD; Node 20 or a browser of 2023 or later has it. Use the reference engine instead.',
    );
  return best;
}

/** Throws `tier_unavailable` unless this host can run the tier. */
export function checkTier(tier: Tier): Tier {
  if (!TIERS.includes(tier) || !available(tier))
    throw usageError(
      'tier_unavailable',
      `this host cannot run tier "${tier}"; leave the tier out to get the best it can, "${bestTier()}".`,
    );
  return tier;
}

/** A new instance of a tier's kernels over `memory`. */
export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): KernelExports {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as KernelExports;
}

export interface EngineInfo {
  /** The tier that networks get by default. */
  readonly tier: Tier;
  /** The tiers that this host can run, best first. */
  readonly tiers: Tier[];
  /** Threads that a network uses by default. */
  readonly threads: number;
  /** Size of the default tier's code, and of all tiers together. */
  readonly wasmBytes: number;
  readonly allWasmBytes: number;
}

export function engineInfo(): EngineInfo {
  const tier = bestTier();
  const size = (name: Tier) => bytesOf(name, false).length;
  return {
    tier,
    tiers: TIERS.filter(available),
    threads: engineHost().startThread ? engineHost().threads : 1,
    wasmBytes: size(tier),
    allWasmBytes: TIERS.reduce((sum, name) => sum + size(name), 0),
  };
}
