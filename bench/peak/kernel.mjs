/**
 * The loop that finds out how many multiplications and additions a core does at most in each tier, in AssemblyScript:
 * independent chains a ← a·x + y, as many as fill the pipelines and still fit in the registers.
 *
 *   simd    12 chains of four lanes, multiplication and addition
 *   fma     12 chains of four lanes, fused
 *   fma256  10 pairs of them, stored side by side, which V8 packs into chains of eight lanes
 */
import asc from 'assemblyscript/asc';

const CHAINS = { simd: 12, fma: 12, fma256: 20 };
const FUSED = (a, y) => `f32x4.relaxed_madd(${a}, x, ${y})`;
const SEPARATE = (a, y) => `f32x4.add(f32x4.mul(${a}, x), ${y})`;

/** Floating-point operations of one turn of the loop. */
export const operationsPerTurn = (tier) => CHAINS[tier] * 4 * 2;

export function source(tier) {
  const chains = Array.from({ length: CHAINS[tier] }, (_, k) => k);
  const update = tier === 'simd' ? SEPARATE : FUSED;
  const lines = (line) => chains.map(line).join('\n  ');
  return `export function peak(p: usize, turns: i32): void {
  let x = v128.load32_splat(p), y0 = v128.load(p, 16), y1 = v128.load(p, 32);
  ${lines((k) => `let a${k} = v128.load(p, ${64 + 16 * k});`)}
  for (let i = 0; i < turns; i++) {
  ${lines((k) => `a${k} = ${update(`a${k}`, `y${k % 2}`)};`)}
  }
  ${lines((k) => `v128.store(p, a${k}, ${64 + 16 * k});`)}
}`;
}

/** The WebAssembly module's bytes. @throws Error with the compiler's message */
export async function compile(tier) {
  const { error, binary, stderr } = await asc.compileString(source(tier), {
    optimizeLevel: 3,
    runtime: 'stub',
    importMemory: true,
    noAssert: true,
    enable: ['simd', 'relaxed-simd'],
  });
  if (error) throw new Error(`the peak of ${tier} does not compile: ${stderr}`);
  return binary;
}
