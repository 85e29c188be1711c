/** The tiers that the engine's tests run over: on Node 20 the host must allow relaxed SIMD before it is first asked for. */
import { engineInfo, RELAXED_SIMD_FLAG } from './tier.js';

if (Number.parseInt(process.versions.node, 10) < 22)
  process.getBuiltinModule('node:v8').setFlagsFromString(RELAXED_SIMD_FLAG);

export const { tiers } = engineInfo();
