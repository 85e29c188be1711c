import type { Command, Option } from 'commander';
import { Forecaster, type UpdateReport } from '../index.js';
import { columnsOf, covariatesOf, readData } from './data.js';
import { checkOutputs } from './formats.js';
import { engineUsed, printJson } from './json.js';
import { addDataFlags, type DataFlags } from './options.js';
import { Session } from './session.js';

type Flags = DataFlags & { readonly save?: string; readonly json?: boolean; readonly quiet?: boolean };

/** `tidegate update m.safetensors new.csv` */
export function addUpdate(program: Command): void {
  const command = program
    .command('update <model> [data]')
    .description('move a saved model on by new rows, without training: forecasts go on from their end');
  addDataFlags(command)
    .option('-s, --save <file>', 'where to keep the model; left out, its file is replaced')
    .option('--json', 'print one JSON object with data and what was done')
    .option('-q, --quiet', 'no remarks')
    .addHelpText(
      'after',
      `
The rows must come after the last ones that the model knows; columns and frequency are those of the fit unless named.

Examples:
  tidegate update sales.safetensors sales-of-today.csv
  tidegate predict sales.safetensors`,
    )
    .action(update);
  command.options.find((option: Option) => option.long === '--season')?.hideHelp();
}

async function update(model: string, data: string | undefined, flags: Flags): Promise<void> {
  const session = new Session(flags.quiet ?? false);
  const target = flags.save ?? model;
  await checkOutputs({}, target);
  const began = performance.now();
  const forecaster = await Forecaster.load(model);
  const frame = await session.unlessInterrupted(
    readData(
      data,
      { ...columnsOf(forecaster), ...covariatesOf(forecaster, flags), ...flags },
      forecaster.settings.horizon,
    ),
  );
  const report = await forecaster.update(frame, { signal: session.signal });
  session.stopIfInterrupted();
  await forecaster.save(target);
  const seconds = Math.round(performance.now() - began) / 1000;
  const { data: described } = forecaster.state.report;
  if (flags.json)
    printJson('update', { engine: engineUsed(), data: described, update: { ...report, seconds }, file: target });
  else session.remark(describeUpdate(report, target));
}

/** What was done, in one line. */
function describeUpdate({ values, series, missing, added, reread, end }: UpdateReport, file: string): string {
  const count = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;
  const notes = [
    ...(added.length > 0 ? [`${added.length} of them new`] : []),
    ...(missing > 0 ? [`${count(missing, 'step', 'steps')} without a value`] : []),
    ...(reread.length > 0 ? [`${reread.length} read anew for a value out of their range`] : []),
  ];
  const what = `${count(values, 'value', 'values')} of ${series} series`;
  return `${file}: moved on by ${[what, ...notes].join(', ')}; now up to ${end}`;
}
