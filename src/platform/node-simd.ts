import { setFlagsFromString } from 'node:v8';

/**
 * Node 20 has relaxed SIMD (fused multiply-add) behind a flag that may be set until the first kernel is compiled;
 * later versions have it on and would only warn.
 */
export function allowRelaxedSimd(flag: string): void {
  if (process.versions.node.startsWith('20.')) setFlagsFromString(flag);
}
