import type { Command } from 'commander';
import { engineInfo } from '../index.js';
import { threadCount, version } from './version.js';

/** `tidegate info`: what is installed, and what this machine makes of it. */
export function addInfo(program: Command): void {
  program
    .command('info')
    .description('version, engine tier, threads')
    .option('--json', 'print one JSON object')
    .action(({ json }: { json?: boolean }) => {
      const { tier, tiers, wasmBytes } = engineInfo();
      const info = {
        command: 'info',
        version,
        node: process.versions.node,
        engine: { tier, tiers, wasmBytes, threads: threadCount(undefined) },
      };
      const lines = [
        `tidegate ${version} on Node ${info.node} (${process.platform}, ${process.arch})`,
        `engine   ${tier} (${(wasmBytes / 1000).toFixed(1)} kB of WebAssembly; this host can run ${tiers.join(', ')})`,
        `threads  ${info.engine.threads}`,
      ];
      process.stdout.write(`${json ? JSON.stringify(info) : lines.join('\n')}\n`);
    });
}
