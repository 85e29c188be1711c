import { type Command, InvalidArgumentError } from 'commander';
import type { MODEL_NAMES } from '../index.js';
import { PICTURE_ENDINGS, TABLE_ENDINGS } from './formats.js';

/** How to read the data: shared by every command that takes some. */
export interface DataFlags {
  readonly time?: string;
  readonly target?: string;
  readonly id?: string;
  readonly freq?: string;
  readonly season?: number[];
  readonly past?: string[];
  readonly future?: string[];
  readonly futureFile?: string;
  readonly static?: string[];
  readonly holidays?: string;
  readonly sql?: string;
}

/** How to fit. */
export interface FitFlags {
  readonly horizon: number;
  readonly levels?: number[];
  readonly model?: (typeof MODEL_NAMES)[number];
  readonly seed?: number;
  readonly budget?: number;
  readonly threads?: number;
}

/** Where results go. */
export interface OutputFlags {
  readonly out?: string;
  readonly plot?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function addDataFlags(command: Command): Command {
  return command
    .option('--time <column>', 'time column (default: ds, or the one that holds dates)')
    .option('--target <column>', 'column to forecast (default: y, or the only numeric one)')
    .option('--id <column>', 'column that tells series apart (default: unique_id, or the only text column)')
    .option('--freq <alias>', 'frequency, such as D, W, MS, h, 15min (default: inferred)')
    .option(
      '--season <steps>',
      'season length, 1 for none, or several such as 24,168 (default: from the frequency or the data)',
      wholeNumbers,
    )
    .option('--past <columns>', 'covariates known up to now, such as load,wind', columnList)
    .option('--future <columns>', 'covariates known ahead: rows after the last value hold the horizon', columnList)
    .option('--future-file <file>', 'or a file of their own holds it: the columns of the data less the target')
    .option('--static <columns>', 'one value per series, number or text, such as region', columnList)
    .option(
      '--holidays <country>',
      'public holidays as a future covariate: DE, US, CA-ON; needs the package date-holidays',
    )
    .option('--sql <query>', 'read what a query gives instead of a file; needs the package @duckdb/node-api');
}

export function addFitFlags(command: Command): Command {
  return command
    .requiredOption('--horizon <steps>', 'how many steps to forecast', wholeNumber)
    .option('--model <name>', 'auto, a network or a classical method, see below (default: auto)')
    .option('--levels <percents>', 'prediction intervals (default: 80,95)', percentList)
    .option('--seed <number>', 'another seed gives another fit; the same seed the same bytes (default: 1)', wholeNumber)
    .option(
      '--budget <time>',
      'training to plan for, in seconds of two ordinary cores, such as 20s or 5m (default: 60s): more gives more networks and longer training. A plan, not a stopwatch: a slow machine takes longer and gives the same forecast',
      seconds,
    )
    .option('--threads <count>', 'worker threads (default: all processors); never changes the result', wholeNumber);
}

/** What the names of --model and --models mean. */
export const MODELS_HELP = `
Models:
  auto            a recurrent ensemble and the classical methods, weighted for each series by their errors in the past (default)

  lstm            one network for all series, long short-term memory: several trainings averaged
  gru             the same with gated recurrent units: two gates instead of three
  rnn             the same with simple recurrent units, without gates
  leaky           the same with leaky units: each forgets at a pace of its own
  esn             the same with leaky units whose recurrent weights stay as they were drawn (echo state)

  naive           the last value
  seasonal-naive  the value one season ago
  drift           the line through the first and the last value
  ses             simple exponential smoothing: a weighted mean, recent values first
  ets             exponential smoothing with trend and season: the forms that suit a series, weighted by AICc
  theta           half the trend and a smoothed level, seasonally adjusted (winner of the M3 competition)`;

export function addOutputFlags(command: Command): Command {
  return command
    .option('-o, --out <file>', `write the result as a table: ${TABLE_ENDINGS}`)
    .option('--plot <file>', `draw it: ${PICTURE_ENDINGS}`)
    .option('--json', 'print one JSON object with data, model, validation, verdict and forecast')
    .option('-q, --quiet', 'no progress and no remarks, only the result');
}

/** A whole number in decimal digits. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It needs a whole number, such as 12.');
  return Number(text);
}

/** `lstm, gru` → ['lstm', 'gru']. @param example what is said to be needed */
export function nameList(example: string): (text: string) => string[] {
  return (text) => {
    const names = text.split(',').map((name) => name.trim());
    if (names.includes('')) throw new InvalidArgumentError(`It needs names, such as ${example}.`);
    return names;
  };
}

const columnList = nameList('price,holiday');

/** `24,168` → [24, 168] */
export function wholeNumbers(text: string): number[] {
  return text.split(',').map((part) => wholeNumber(part.trim()));
}

/** `80,95` → [80, 95] */
function percentList(text: string): number[] {
  const levels = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (levels.some((level) => !(level > 0 && level < 100)))
    throw new InvalidArgumentError('It needs percentages above 0 and below 100, such as 80,95.');
  return levels;
}

/** `60s`, `2m`, `1h` or plain seconds → seconds */
function seconds(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(s|m|h)?$/.exec(text);
  const value = match ? Number(match[1]) * { s: 1, m: 60, h: 3600 }[match[2] ?? 's']! : 0;
  if (!(value > 0 && value <= 86_400))
    throw new InvalidArgumentError('It needs a time from 1s to 24h, such as 60s or 5m.');
  return value;
}
