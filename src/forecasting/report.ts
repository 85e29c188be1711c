import type { SeriesFrame } from '../series/frame.js';
import { formatTimestamp } from '../series/timestamp.js';
import { type History, historiesOf, type Season, seasonFor, timesOf } from './history.js';
import type { Cell } from './recurrent/plan.js';
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
    /** Longer seasons that were used as well. */
    readonly longerSeasons: readonly number[];
    readonly seasonSource: Season['source'];
    readonly missing: number;
  };
  readonly model: {
    readonly name: string;
    readonly cell: Cell | null;
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
    /** Diebold and Mariano's test of the model against seasonal naive (naive without a season), on scaled errors; null without origins. */
    readonly test: {
      readonly against: string;
      readonly statistic: number;
      readonly p: number;
      readonly n: number;
    } | null;
    /** Interval level → share of validation values inside. */
    readonly coverage: Readonly<Record<string, number>>;
  };
  readonly verdict: string;
}

/** What the data of a frame are, in a few figures. */
export function describeData(frame: SeriesFrame, histories: readonly History[], season: Season): FitReport['data'] {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const history of histories) {
    first = Math.min(first, timesOf(history, frame.axis, 0, 1)[0]);
    last = Math.max(last, timesOf(history, frame.axis, history.y.length - 1, 1)[0]);
  }
  return {
    target: frame.names.target,
    series: frame.series.length,
    rows: frame.rows,
    start: formatTimestamp(frame.axis, first),
    end: formatTimestamp(frame.axis, last),
    freq: frame.axis.freq.alias,
    season: season.length,
    longerSeasons: season.longer,
    seasonSource: season.source,
    missing: frame.missing,
  };
}

/** What the data of a frame are, before anything is fitted: its span, frequency and season. */
export function describeFrame(frame: SeriesFrame): FitReport['data'] {
  const histories = historiesOf(frame);
  return describeData(frame, histories, seasonFor(frame, histories));
}

/** One honest sentence: which model, and whether it beat the seasonal naive forecast inside the history; p of the test of that. */
export function verdictOf(
  model: string,
  season: number,
  blend: Readonly<Record<string, number>>,
  scores: Readonly<Record<string, Scores>>,
  windows: number,
  { p = Number.NaN, crossFitted = true }: { readonly p?: number; readonly crossFitted?: boolean } = {},
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
  const figures = `${name} ${round(mine)} against ${round(naive)} ${over}${certainty(p)}`;
  const best = bestOf(scores, measure);
  // A blend that is nearly all of one model is that model.
  const better = round(scores[best][measure]) !== round(mine) && !((blend[best] ?? 0) >= 0.9);
  const caution = crossFitted ? '' : ' The same origin chose the weights: expect a little less.';
  const rival = better ? ` ${best} alone did better (${round(scores[best][measure])}).${caution}` : caution;
  const gain = Math.round(Math.abs(1 - mine / naive) * 100);
  if (mine === naive || gain === 0) return `${described} is on a par with ${reference}: ${figures}.${rival}`;
  if (mine > naive)
    return `The ${reference} forecast wins here: ${described} has ${figures}. Consider --model ${best}.`;
  return `${described} beats ${reference} by ${gain} %: ${figures}.${rival}`;
}

/** What Diebold and Mariano's test says, in a few words; nothing where it cannot tell. */
function certainty(p: number): string {
  if (Number.isNaN(p)) return '';
  if (p < 0.001) return ' (more than chance: p < 0.001)';
  return p < 0.05 ? ` (more than chance: p = ${p.toPrecision(1)})` : ` (it may be chance: p = ${p.toFixed(2)})`;
}

function bestOf(scores: Readonly<Record<string, Scores>>, measure: 'mase' | 'smape'): string {
  return Object.keys(scores).reduce((best, name) => (scores[name][measure] < scores[best][measure] ? name : best));
}

function round(value: number): string {
  return value.toFixed(value < 10 ? 2 : 1);
}
