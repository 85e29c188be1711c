/** Child process: GF/s of the peak loop, one line for each of several runs. Arguments: tier, operations per turn; module on standard input. */
import { readFileSync } from 'node:fs';
import v8 from 'node:v8';

const TURNS = 400_000;
const [tier, operations] = [process.argv[2], Number(process.argv[3])];
const major = Number.parseInt(process.versions.node, 10);

if (tier !== 'simd' && major < 22) v8.setFlagsFromString('--experimental-wasm-relaxed-simd');
if (tier === 'fma256') v8.setFlagsFromString('--experimental-wasm-revectorize');
if (major >= 24)
  for (const flag of ['--no-liftoff', '--no-wasm-inlining', '--no-wasm-lazy-compilation']) v8.setFlagsFromString(flag);

const memory = new WebAssembly.Memory({ initial: 1 });
const module = new WebAssembly.Module(readFileSync(0));
const { peak } = new WebAssembly.Instance(module, { env: { memory } }).exports;

for (let warm = 0; warm < 20; warm++) peak(1024, TURNS / 4);
const rates = Array.from({ length: 25 }, () => {
  const begin = performance.now();
  peak(1024, TURNS);
  return (operations * TURNS) / (performance.now() - begin) / 1e6;
});
console.log(JSON.stringify(rates));
