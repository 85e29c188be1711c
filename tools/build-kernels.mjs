/**
 * Compiles src/kernels/ (AssemblyScript) once per tier and embeds the WebAssembly as base64, with the field offsets of
 * the plans, in src/engine/kernels.generated.ts: no file is loaded at run time, in Node, a browser or a bundle.
 * Does nothing while the sources, this script and the compiler are unchanged.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Tiers: the register tile and the features of each. All are compiled from the same source. A tile of 6 rows would suit
 * fused multiply-add better, but V8 as of Node 20 spills it: half the speed.
 */
const TIERS = {
  simd: { rows: 4, wide: 0, features: ['simd'] },
  fma: { rows: 4, wide: 0, features: ['simd', 'relaxed-simd'] },
  fma256: { rows: 6, wide: 1, features: ['simd', 'relaxed-simd'] },
};
const LIMIT_BYTES = 100_000;

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = `${root}src/kernels/`;
const output = `${root}src/engine/kernels.generated.ts`;
const sources = Object.fromEntries(
  readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => [name, readFileSync(folder + name, 'utf8')]),
);

/** What the host must know: byte offsets of the fields of @unmanaged classes (all four bytes wide), exported sizes. */
function sharedConstants() {
  const plans = {};
  for (const text of Object.values(sources)) {
    for (const [, name, value] of text.matchAll(/^export const ([A-Z_]+): i32 = (\d+);/gm)) plans[name] = Number(value);
    for (const [, name, body] of text.matchAll(/@unmanaged\s+export class (\w+) \{([^}]*)\}/g)) {
      const fields = [...body.matchAll(/^ {2}(\w+): (?:i32|usize|f32);/gm)].map((match) => match[1]);
      plans[name] = { ...Object.fromEntries(fields.map((field, at) => [field, 4 * at])), bytes: 4 * fields.length };
    }
  }
  return plans;
}

async function compile(tier) {
  const { main } = await import('assemblyscript/asc');
  const { rows, wide, features } = TIERS[tier];
  let binary;
  const messages = [];
  const { error } = await main(
    [
      ...['index.ts', '--outFile', 'kernels.wasm', '-O2', '--noAssert', '--runtime', 'stub', '--importMemory'],
      ...[
        '--memoryBase',
        '64',
        '--disable',
        'bulk-memory',
        '--enable',
        'threads',
        '--sharedMemory',
        '--maximumMemory',
        '65536',
        '--use',
        `TILE_ROWS=${rows}`,
        '--use',
        `WIDE_TILES=${wide}`,
      ],
      ...features.flatMap((feature) => ['--enable', feature]),
    ],
    {
      readFile: (name) => sources[name] ?? null,
      writeFile: (name, contents) => {
        if (name.endsWith('.wasm')) binary = contents;
      },
      listFiles: () => [],
      stdout: { write: (text) => messages.push(text) },
      stderr: { write: (text) => messages.push(text) },
    },
  );
  if (messages.length > 0) process.stderr.write(`kernels, tier ${tier}:\n${messages.join('')}\n`);
  if (error || messages.length > 0) throw error ?? new Error('the kernels must compile without warnings');
  return binary;
}

/** Offset of the byte of the import of env.memory that says "shared, with a maximum": the host changes it where memory is not shared. */
function memoryFlags(binary) {
  const declared = Buffer.from([3, ...Buffer.from('env'), 6, ...Buffer.from('memory'), 2, 3]);
  const at = Buffer.from(binary).indexOf(declared);
  if (at < 0) throw new Error('the kernels do not import a shared memory');
  return at + declared.length - 1;
}

const compiler = readFileSync(`${root}node_modules/assemblyscript/package.json`, 'utf8');
const self = readFileSync(fileURLToPath(import.meta.url), 'utf8');
const hash = createHash('sha256').update(JSON.stringify(sources)).update(self).update(compiler).digest('hex');
if (!existsSync(output) || !readFileSync(output, 'utf8').includes(hash)) {
  const binaries = {};
  for (const tier of Object.keys(TIERS)) binaries[tier] = await compile(tier);
  const total = Object.values(binaries).reduce((sum, binary) => sum + binary.length, 0);
  if (total > LIMIT_BYTES) throw new Error(`the kernels have ${total} bytes, more than ${LIMIT_BYTES}`);
  const lines = Object.entries(binaries).map(
    ([tier, binary]) =>
      `  ${tier}: { base64: '${Buffer.from(binary).toString('base64')}', bytes: ${binary.length}, memoryFlags: ${memoryFlags(binary)} },\n`,
  );
  writeFileSync(
    output,
    `// Written by tools/build-kernels.mjs from src/kernels/. Do not edit.\n// ${hash}\n` +
      `export const KERNELS = {\n${lines.join('')}} as const;\n` +
      Object.entries(sharedConstants())
        .map(([name, fields]) => `export const ${name} = ${JSON.stringify(fields)} as const;\n`)
        .join(''),
  );
  const sizes = Object.entries(binaries).map(([tier, binary]) => `${tier} ${binary.length} bytes`);
  console.log(`kernels: ${sizes.join(', ')}`);
}
