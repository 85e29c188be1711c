import type { Season } from './history.js';
import type { Scores } from './selection.js';

/** What a fit did and how good it is, as plain data. Nothing here depends on the clock: equal fits give equal reports. */
export interface FitReport {
  readonly data: {
    /** Name of the column that was forecast. */
    readonly target: string;
    readonly series: number;
    readonly rows: number;
    /** First and last stamp over all series, written as in the input. */
    readonly start: string;
    readonly end: string;
    readonly freq: string;
    readonly season: number;
    readonly seasonSource: Season['source'];
    readonly missing: number;
  };
  readonly model: {
    readonly name: string;
    readonly cell: 'lstm' | null;
    readonly hiddenSize: number | null;
    readonly layers: number | null;
    /** Trainable values of one member. */
    readonly parameters: number;
    readonly members: number;
    /** Component → mean weight over the series. */
    readonly blend: Readonly<Record<string, number>>;
  };
  readonly training: {
    /** Passes over the data in the final training of each member. */
    readonly epochs: number;
    readonly updates: number;
    /** `early`: the validation loss stopped improving; `planned`: all planned updates were made; `none`: nothing to train. */
    readonly stopped: 'early' | 'planned' | 'none';
    /** Ids of series too short for the model, forecast by the last value instead. */
    readonly fallback: readonly string[];
  };
  readonly validation: {
    /** Rolling origins per series at the most; 0 when no history was long enough. */
    readonly windows: number;
    readonly scores: Readonly<Record<string, Scores>>;
    /** Interval level → share of validation values inside. */
    readonly coverage: Readonly<Record<string, number>>;
  };
  readonly verdict: string;
}

/** One honest sentence: which model, and whether it beat the seasonal naive forecast inside the history. */
export function verdictOf(
  model: string,
  season: number,
  blend: Readonly<Record<string, number>>,
  scores: Readonly<Record<string, Scores>>,
  windows: number,
): string {
  const parts = Object.entries(blend)
    .filter(([, weight]) => weight >= 0.005)
    .sort(([, a], [, b]) => b - a)
    .map(([name, weight]) => `${Math.round(weight * 100)} % ${name}`);
  const described = model === 'auto' && parts.length > 0 ? `auto (${parts.join(', ')})` : model;
  const reference = season > 1 ? 'seasonal-naive' : 'naive';
  const own = scores[model];
  if (windows === 0 || own === undefined)
    return `${described}: the history is too short to hold a horizon back, so this forecast has not been checked.`;
  const over = `over ${windows} rolling origin${windows === 1 ? '' : 's'} inside the history`;
  const measure = Number.isFinite(own.mase) && Number.isFinite(scores[reference].mase) ? 'mase' : 'smape';
  const name = measure === 'mase' ? 'MASE' : 'sMAPE';
  const mine = own[measure];
  const naive = scores[reference][measure];
  if (model === reference) return `${model} has ${name} ${round(mine)} ${over}.`;
  const figures = `${name} ${round(mine)} against ${round(naive)} ${over}`;
  const best = bestOf(scores, measure);
  // A blend that is nearly all of one model is that model.
  const better = round(scores[best][measure]) !== round(mine) && !((blend[best] ?? 0) >= 0.9);
  const rival = better ? ` ${best} alone did better (${round(scores[best][measure])}).` : '';
  const gain = Math.round(Math.abs(1 - mine / naive) * 100);
  if (mine === naive || gain === 0) return `${described} is on a par with ${reference}: ${figures}.${rival}`;
  if (mine > naive)
    return `The ${reference} forecast wins here: ${described} has ${figures}. Consider --model ${best}.`;
  return `${described} beats ${reference} by ${gain} %: ${figures}.${rival}`;
}

function bestOf(scores: Readonly<Record<string, Scores>>, measure: 'mase' | 'smape'): string {
  return Object.keys(scores).reduce((best, name) => (scores[name][measure] < scores[best][measure] ? name : best));
}

function round(value: number): string {
  return value.toFixed(value < 10 ? 2 : 1);
}
