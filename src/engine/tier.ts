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
import { engineHost, provideHost } from './host.js';
import type { KernelExports } from './kernel-exports.js';
import { KERNELS } from './kernels.generated.js';
import { keepsItsPromise } from './self-test.js';

export type Tier = keyof typeof KERNELS;

/** Best first. */
export const TIERS: readonly Tier[] = ['fma256', 'fma', 'simd'];

/** The kernels ask for shared memory; this is the byte that says so, and its values. */
const SHARED = 3;
const UNSHARED = 1;

function bytesOf(tier: Tier, shared: boolean): Uint8Array<ArrayBuffer> {
  const { base64, memoryFlags } = KERNELS[tier];
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  // A loop: Uint8Array.from with a function takes ten times as long, and this is part of every start.
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  bytes[memoryFlags] = shared ? SHARED : UNSHARED;
  return bytes;
}

/** Compiled for the tier, or null where the host does not know its instructions. */
function compile(tier: Tier, shared: boolean): WebAssembly.Module | null {
  const bytes = bytesOf(tier, shared);
  const began = performance.now();
  try {
    return engineHost().compile(bytes, tier);
  } catch (error) {
    if (error instanceof WebAssembly.CompileError) return null;
    throw error;
  } finally {
    if (!compileMs.has(tier)) compileMs.set(tier, performance.now() - began);
  }
}

const modules = new Map<string, WebAssembly.Module | null>();
const verdicts = new Map<Tier, boolean>();
const compileMs = new Map<Tier, number>();

/** A tier's module for memory that is shared between threads or not, compiled once; null where the host cannot. */
export function moduleOf(tier: Tier, shared: boolean): WebAssembly.Module | null {
  const key = `${tier} ${shared}`;
  let module = modules.get(key);
  if (module === undefined) {
    module = compile(tier, shared);
    modules.set(key, module);
  }
  return module;
}

/** How long it took to compile a tier; 0 if it was not. */
export const compileMilliseconds = (tier: Tier): number => compileMs.get(tier) ?? 0;

/** Whether this host runs the tier as it should. Tested once, with the module that is needed first. */
function available(tier: Tier, shared: boolean): boolean {
  let verdict = verdicts.get(tier);
  if (verdict === undefined) {
    const module = tier === 'fma256' && !engineHost().widens ? null : moduleOf(tier, shared);
    verdict = module !== null && keepsItsPromise(tier, instantiateIn(module, 1, shared));
    verdicts.set(tier, verdict);
  }
  return verdict;
}

/** The tier that the user wants, or the next that this host can run; the best if no wish is known. */
export function bestTier(shared = false): Tier {
  const wanted = engineHost().wantedTier;
  if (wanted !== undefined && !TIERS.includes(wanted as Tier))
    throw usageError('bad_tier', `TIDEGATE_TIER is "${wanted}"; use one of ${TIERS.join(', ')}, or leave it unset.`);
  const best = TIERS.slice(Math.max(0, TIERS.indexOf(wanted as Tier))).find((tier) => available(tier, shared));
  if (best === undefined)
    throw usageError(
      'no_simd',
      'this host has no WebAssembly SIMD; Node 20 or a browser of 2023 or later has it. Use the reference engine instead.',
    );
  return best;
}

/** Throws `tier_unavailable` unless this host can run the tier. */
export function checkTier(tier: Tier, shared = false): Tier {
  if (!TIERS.includes(tier) || !available(tier, shared))
    throw usageError(
      'tier_unavailable',
      `this host cannot run tier "${tier}"; leave the tier out to get the best it can, "${bestTier()}".`,
    );
  return tier;
}

/**
 * Sets what networks built from now on use by default: a tier, which this host must be able to run, and threads. Returns what
 * there is then. (In Node the environment says the same: TIDEGATE_TIER, TIDEGATE_THREADS.)
 *
 * @throws TidegateError `tier_unavailable`, `bad_option`
 */
export function configureEngine({ tier, threads }: { tier?: Tier; threads?: number }): EngineInfo {
  const host = engineHost();
  if (threads !== undefined && !(Number.isInteger(threads) && threads > 0))
    throw usageError('bad_option', `threads is ${threads}; it must be a whole number from 1 on.`);
  provideHost({
    ...host,
    ...(tier !== undefined && { wantedTier: checkTier(tier) }),
    ...(threads !== undefined && { threads }),
  });
  return engineInfo();
}

/** A new instance of a tier's kernels, and its memory of exactly `pages` × 64 KiB. */
export function instantiateIn(module: WebAssembly.Module, pages: number, shared: boolean) {
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
  return { kernels: instantiate(module, memory), memory };
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
  /** Milliseconds that it took to compile the default tier. */
  readonly compileMs: number;
}

export function engineInfo(): EngineInfo {
  const threads = engineHost().startThread ? engineHost().threads : 1;
  const shared = threads > 1;
  const tier = bestTier(shared);
  const size = (name: Tier) => KERNELS[name].bytes;
  return {
    tier,
    tiers: TIERS.filter((name) => available(name, shared)),
    threads,
    wasmBytes: size(tier),
    allWasmBytes: TIERS.reduce((sum, name) => sum + size(name), 0),
    compileMs: compileMilliseconds(tier),
  };
}
