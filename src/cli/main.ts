#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { TidegateError } from '../errors.js';
import { addBacktest } from './backtest.js';
import { addFit } from './fit.js';
import { addForecast } from './forecast.js';
import { addInfo } from './info.js';
import { addInspect } from './inspect.js';
import { addLab } from './lab.js';
import { addPredict } from './predict.js';
import { printable } from './printable.js';
import { addStudio } from './studio.js';
import { addUpdate } from './update.js';
import { version } from './version.js';

/** Exit status by the kind of error; 1 is our own fault. */
const STATUS = { usage: 2, input: 3, interrupted: 130 } as const;

const program = new Command('tidegate')
  .description('Forecasts of time series with gated recurrent networks, checked against the history.')
  .version(version, '-v, --version')
  .helpOption('-h, --help', 'what this command does and takes')
  .configureOutput({ outputError: () => {} })
  .exitOverride()
  .addHelpText('after', '\nStart with: tidegate forecast data.csv --horizon 12 --plot forecast.svg');
for (const add of [addForecast, addFit, addPredict, addUpdate, addBacktest, addInspect, addLab, addStudio, addInfo])
  add(program);

// A reader that has had enough, such as `head`, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
// Nobody is left to tell.
process.stderr.on('error', () => {});

try {
  await program.parseAsync();
  // Nothing is pending; a terminal's Ctrl-C handler alone would keep no process alive, an open standard input would.
  process.stdin.destroy();
} catch (error) {
  process.exitCode = explain(error);
  process.stdin.destroy();
  // A read that cannot be taken back must not keep the process alive.
  if (process.exitCode === STATUS.interrupted) process.exit();
}

/** Says in one line what went wrong and gives the exit status. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    const line = error.message.replace(/^error: /, '').replace(/\n/g, ' ');
    // Without a command commander has printed the help already.
    if (error.code !== 'commander.help') say(`usage: ${line}${/[.!?]$/.test(line) ? '' : '.'} See tidegate --help.`);
    return STATUS.usage;
  }
  if (error instanceof TidegateError) {
    say(`${error}`);
    return STATUS[error.kind];
  }
  say(`internal_error: ${error instanceof Error ? (error.stack ?? error.message) : error}`, true);
  return 1;
}

function say(text: string, whole = false): void {
  process.stderr.write(`${whole ? text : printable(text)}\n`);
}
