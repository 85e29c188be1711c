import type { Command } from 'commander';
import { engineInfo } from '../index.js';
import { version } from './version.js';

/** `tidegate info`: what is installed, and what this machine makes of it. */
export function addInfo(program: Command): void {
  program
    .command('info')
    .description('version, engine tier, threads')
    .addHelpText(
      'after',
      '\nTiers, best first: fma256 (Node 24 and later on x64 with AVX2), fma (relaxed SIMD), simd (everywhere).\n' +
        'TIDEGATE_TIER=fma asks for one; where it cannot be had the next is taken. All give the same forecasts but for the last digits.',
    )
    .option('--json', 'print one JSON object')
    .action(({ json }: { json?: boolean }) => {
      const engine = engineInfo();
      const info = { command: 'info', version, node: process.versions.node, engine };
      const wanted = process.env.TIDEGATE_TIER;
      const kilobytes = (engine.wasmBytes / 1000).toFixed(1);
      const lines = [
        `tidegate ${version} on Node ${info.node} (${process.platform}, ${process.arch})`,
        `engine   ${engine.tier} (this host can run ${engine.tiers.join(', ')}${wanted ? `; TIDEGATE_TIER asks for ${wanted}` : ''})`,
        `code     ${kilobytes} kB of WebAssembly, compiled in ${engine.compileMs.toFixed(1)} ms`,
        `threads  ${engine.threads}`,
      ];
      process.stdout.write(`${json ? JSON.stringify(info) : lines.join('\n')}\n`);
    });
}
