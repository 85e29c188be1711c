import type { Command } from 'commander';
import { engineInfo } from '../index.js';
import { installedVersion } from '../platform/node.js';
import { printJson } from './json.js';
import { version } from './version.js';

/** Packages that are used only where they are installed. */
const OPTIONAL = [
  { name: '@duckdb/node-api', use: '--sql' },
  { name: 'date-holidays', use: '--holidays' },
];

/** `tidegate info`: what is installed, and what this machine makes of it. */
export function addInfo(program: Command): void {
  program
    .command('info')
    .description('version, engine tier, threads, optional packages that were found')
    .addHelpText(
      'after',
      '\nTiers, best first: fma256 (Node 24 and later on x64 with AVX2), fma (relaxed SIMD), simd (everywhere).\n' +
        'TIDEGATE_TIER=fma asks for one; where it cannot be had the next is taken. All give the same forecasts but for the last digits.',
    )
    .option('--json', 'print one JSON object')
    .action(({ json }: { json?: boolean }) => {
      const engine = engineInfo();
      const optional = Object.fromEntries(OPTIONAL.map(({ name }) => [name, installedVersion(name)]));
      const node = process.versions.node;
      if (json) return printJson('info', { node, engine, optional });
      const wanted = process.env.TIDEGATE_TIER;
      const kilobytes = (engine.wasmBytes / 1000).toFixed(1);
      const lines = [
        `tidegate ${version} on Node ${node} (${process.platform}, ${process.arch})`,
        `engine   ${engine.tier} (this host can run ${engine.tiers.join(', ')}${wanted ? `; TIDEGATE_TIER asks for ${wanted}` : ''})`,
        `code     ${kilobytes} kB of WebAssembly, compiled in ${engine.compileMs.toFixed(1)} ms`,
        `threads  ${engine.threads}`,
        ...OPTIONAL.map(({ name, use }, i) => {
          const found = optional[name] ?? `not installed; npm install ${name} adds it`;
          return `${i === 0 ? 'optional' : '        '} ${use} (${name}): ${found}`;
        }),
      ];
      process.stdout.write(`${lines.join('\n')}\n`);
    });
}
