import type { Command } from 'commander';
import { Forecaster } from '../index.js';
import { covariatesOf, readData } from './data.js';
import { checkOutputs } from './formats.js';
import { addDataFlags, addOutputFlags, type DataFlags, type OutputFlags } from './options.js';
import { deliver } from './result.js';
import { Session } from './session.js';

/** `tidegate predict m.safetensors [data]` */
export function addPredict(program: Command): void {
  const command = program
    .command('predict <model> [data]')
    .description('forecast with a saved model, after the history it was fitted on or after a new one');
  addOutputFlags(addDataFlags(command))
    .addHelpText(
      'after',
      `
Examples:
  tidegate predict sales.safetensors --out forecast.csv
  tidegate predict sales.safetensors sales-until-today.csv --plot forecast.svg`,
    )
    .action(predict);
}

async function predict(model: string, data: string | undefined, flags: DataFlags & OutputFlags): Promise<void> {
  const session = new Session(flags.quiet ?? false);
  await checkOutputs(flags);
  const began = performance.now();
  const forecaster = await Forecaster.load(model);
  const given = data !== undefined || flags.sql !== undefined;
  const history = given
    ? await session.unlessInterrupted(
        readData(data, { ...covariatesOf(forecaster, flags), ...flags }, forecaster.settings.horizon),
      )
    : undefined;
  const forecast = await forecaster.predict({ history, signal: session.signal });
  const seconds = (performance.now() - began) / 1000;
  await deliver({ command: 'predict', report: forecaster.state.report, forecast, seconds }, flags, session);
}
