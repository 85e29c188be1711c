import { setImmediate } from 'node:timers/promises';
import type { Command } from 'commander';
import { ENGINE_BOUND, FINITE_DIFFERENCE_BOUND, VERIFY_CASES, type VerifyRow, verifyGradients } from '../lab-entry.js';
import { wantsColor } from './color.js';
import { printJson } from './json.js';
import { ProgressBar } from './progress.js';
import { renderTable } from './table.js';

/** `tidegate lab verify` */
export function addVerify(lab: Command): void {
  lab
    .command('verify')
    .description('check the back-propagation of every cell, variant and stack on this machine')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Each gradient is compared with central differences in float64 (relative error at most ${FINITE_DIFFERENCE_BOUND}), and the float32
engine with the float64 reference (at most ${ENGINE_BOUND}). The exit status is 1 if any of them fails.`,
    )
    .action(verify);
}

async function verify({ json }: { json?: boolean }): Promise<void> {
  const began = performance.now();
  const rows: VerifyRow[] = [];
  const bar = new ProgressBar({ label: 'verify' });
  try {
    for (const row of verifyGradients()) {
      rows.push(row);
      bar.update({ fraction: rows.length / VERIFY_CASES, phase: row.name });
      await setImmediate();
    }
  } finally {
    bar.stop();
  }
  const seconds = (performance.now() - began) / 1000;
  const failed = rows.filter(({ ok }) => !ok);
  if (failed.length > 0) process.exitCode = 1;
  if (json) {
    printJson('lab verify', { seconds, failed: failed.length, rows });
    return;
  }
  const cells = rows.map(({ name, finiteDifferences, where, engine, ok }) => [
    name,
    finiteDifferences.toExponential(1),
    where,
    engine.toExponential(1),
    ok ? 'right' : 'WRONG',
  ]);
  const heads = ['cell', 'against differences', 'worst at', 'engine against float64', ''];
  process.stdout.write(`${renderTable(heads, cells, { color: wantsColor(process.stdout) })}\n\n`);
  const verdict = failed.length === 0 ? 'all right' : `${failed.length} WRONG`;
  process.stdout.write(`${rows.length} cells, variants and stacks in ${seconds.toFixed(1)} s: ${verdict}.\n`);
}
