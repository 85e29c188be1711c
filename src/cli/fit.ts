import type { Command } from 'commander';
import { Forecaster } from '../index.js';
import { readData } from './data.js';
import { fitWithProgress } from './forecast.js';
import { checkOutputs } from './formats.js';
import { addDataFlags, addFitFlags, type DataFlags, type FitFlags, MODELS_HELP } from './options.js';
import { deliver } from './result.js';
import { Session } from './session.js';

type Flags = DataFlags & FitFlags & { readonly save: string; readonly json?: boolean; readonly quiet?: boolean };

/** `tidegate fit <data> --horizon <n> --save m.safetensors` */
export function addFit(program: Command): void {
  const command = program.command('fit [data]').description('fit once and keep the model in a file');
  addDataFlags(addFitFlags(command))
    .requiredOption('-s, --save <file>', 'where to keep the model: a .safetensors file')
    .option('--json', 'print one JSON object with data, model, validation and verdict')
    .option('-q, --quiet', 'no progress and no remarks')
    .addHelpText(
      'after',
      `${MODELS_HELP}

Examples:
  tidegate fit sales.csv --horizon 12 --save sales.safetensors
  tidegate predict sales.safetensors`,
    )
    .action(fit);
}

async function fit(data: string | undefined, flags: Flags): Promise<void> {
  const session = new Session(flags.quiet ?? false);
  const forecaster = new Forecaster(flags);
  await checkOutputs({}, flags.save);
  const began = performance.now();
  const frame = await session.unlessInterrupted(readData(data, flags, flags.horizon));
  const report = await fitWithProgress(forecaster, frame, session);
  session.stopIfInterrupted();
  await forecaster.save(flags.save);
  const seconds = (performance.now() - began) / 1000;
  await deliver({ command: 'fit', report, seconds, threads: flags.threads }, flags.json ? { json: true } : {}, session);
  session.remark(`Wrote ${flags.save}`);
}
