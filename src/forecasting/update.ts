/** New observations move a fitted forecaster on, without retraining. */

import { interruptedError } from '../errors.js';
import type { SeriesFrame } from '../series/frame.js';
import { fitLocalScale, interpolate, type LocalScale } from '../series/scaling.js';
import { formatTimestamp } from '../series/timestamp.js';
import { suitsNetwork } from './components.js';
import { cutAt, type Preparation } from './cuts.js';
import { unexplainedBetween } from './explained.js';
import type { FittedState } from './fit.js';
import { type History, timesOf } from './history.js';
import { inputsBetween } from './inputs.js';
import { type Joined, joinRows } from './join-rows.js';
import { type Live, type LiveSeries, liveAfter, type Stretch } from './live.js';
import { GroupStream, type NewValues, reach } from './recurrent/standing.js';
import type { TaskRunner } from './tasks.js';

/** What an update did. */
export interface UpdateReport {
  /** Rows that were given. */
  readonly rows: number;
  /** Series that have new values. */
  readonly series: number;
  /** Values that the networks and methods now know in addition. */
  readonly values: number;
  /** Steps between them without a value, bridged by straight lines. */
  readonly missing: number;
  /** Ids of series that were not known. */
  readonly added: readonly string[];
  /** Ids of series that were read anew, because the units of their fit cannot express a new value. */
  readonly reread: readonly string[];
  /** The last stamp over all series. */
  readonly end: string;
}

export interface UpdateOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Steps after which others get a turn. */
const TURN_STEPS = 1000;
/** A value so many times the mean size of its series, or not positive where all were, cannot be measured in its units. */
const MOST_UNITS = 1e6;

/**
 * Moves a fitted state on. What that takes is kept from one update to the next: built networks, the numbers of the series,
 * and room behind the histories, which grow by doubling. So an update costs what its new rows cost.
 *
 * A series keeps the units (scale, season, spread) that it was fitted in. A gap before a new value is bridged by a straight
 * line, as in a fit: one step of the networks for each step of time.
 */
export class Updater {
  readonly #numbers: Map<string, number>;
  readonly #streams: readonly GroupStream[];
  /** Memory that only this updater writes to. */
  readonly #own = new WeakSet<ArrayBufferLike>();
  #last: number;

  constructor({ histories, axis, ensemble }: FittedState) {
    this.#numbers = new Map(histories.map(({ id }, series) => [id, series]));
    this.#streams = ensemble
      ? ensemble.groups.map((group, g) => new GroupStream(ensemble.plan, ensemble.plan.views[g], group))
      : [];
    this.#last = histories.reduce((last, history) => Math.max(last, lastTime(history, axis)), Number.NEGATIVE_INFINITY);
  }

  /**
   * The state after the rows of a frame, and what was done. The state that is given stays as it is.
   * @param createRunner for series that are read from their beginning
   */
  async update(
    state: FittedState,
    frame: SeriesFrame,
    createRunner: () => TaskRunner,
    { signal }: UpdateOptions,
  ): Promise<{ state: FittedState; report: UpdateReport }> {
    if (signal?.aborted) throw interruptedError();
    const joined = joinRows(state, frame, this.#numbers, this.#grow);
    const histories = state.histories.slice();
    for (const { history, series } of joined) histories[series] = history;
    const added = joined.filter(({ series }) => series >= state.histories.length);
    const longer: FittedState = {
      ...state,
      histories,
      weights: {
        ...state.weights,
        perSeries: [...state.weights.perSeries, ...added.map(() => state.weights.pooled)],
      },
      explained: state.explained && {
        ...state.explained,
        perSeries: [...state.explained.perSeries, ...added.map(() => state.explained!.pooled)],
      },
    };
    const { live, reread } = await this.#liveAfter(longer, joined, frame.source, createRunner, signal);
    const changed = joined.filter(({ history, before }) => history.y.length > before);
    const last = changed.reduce((time, { history }) => Math.max(time, lastTime(history, state.axis)), this.#last);
    const end = formatTimestamp(state.axis, last);
    const missing = changed.reduce((sum, { history, before }) => sum + missingAfter(history, before), 0);
    const steps = changed.reduce((sum, { history, before }) => sum + history.y.length - before, 0);
    // Nothing can fail from here on.
    for (const { history, series } of added) this.#numbers.set(history.id, series);
    this.#last = last;
    const { data } = state.report;
    return {
      state: {
        ...longer,
        live,
        report: {
          ...state.report,
          data: {
            ...data,
            series: histories.length,
            rows: data.rows + frame.rows,
            start: firstStamp(added, state, data.start),
            end,
            missing: data.missing + missing,
          },
        },
      },
      report: {
        rows: frame.rows,
        series: changed.length,
        values: steps - missing,
        missing,
        added: added.map(({ history }) => history.id),
        reread: reread.map((series) => histories[series].id),
        end,
      },
    };
  }

  /** Where the networks stand after the new rows. */
  async #liveAfter(
    state: FittedState,
    joined: readonly Joined[],
    source: string,
    createRunner: () => TaskRunner,
    signal: AbortSignal | undefined,
  ): Promise<{ live: Live | null; reread: number[] }> {
    const { ensemble, live: known, axis, inputs, explained } = state;
    if (!ensemble || !known) return { live: null, reread: [] };
    const preparation = { axis, inputs, explained, source };
    const live: (LiveSeries | null)[] = known.slice();
    const anew: Stretch[] = [];
    const onwards: Onwards[] = [];
    const reread: number[] = [];
    for (const { history, series, before } of joined) {
      const end = history.y.length;
      const own = live[series] ?? null;
      if (own === null) anew.push({ history, series, length: end });
      else if (end > before) {
        const from = readable(history, series, before, own, preparation);
        if (from > before) {
          anew.push({ history, series, length: from });
          reread.push(series);
        }
        if (from < end) onwards.push({ history, series, from });
      }
    }
    if (anew.some(({ history }) => suitsNetwork(history.y))) {
      const runner = createRunner();
      try {
        const read = await liveAfter(ensemble, anew, preparation, { runner, signal });
        read.forEach((one, i) => {
          live[anew[i].series] = one;
        });
      } finally {
        runner.close();
      }
    } else for (const { series } of anew) live[series] = null;
    let waiting: Onwards[] = [];
    let steps = 0;
    for (const [i, one] of onwards.entries()) {
      waiting.push(one);
      steps += one.history.y.length - one.from;
      if (steps < TURN_STEPS && i < onwards.length - 1) continue;
      this.#readOnwards(waiting, live, state);
      waiting = [];
      steps = 0;
      if (i < onwards.length - 1) await turn();
      if (signal?.aborted) throw interruptedError();
    }
    return { live, reread };
  }

  /** Steps all networks through the new values of some series. */
  #readOnwards(
    series: readonly Onwards[],
    live: (LiveSeries | null)[],
    { ensemble, inputs, axis, explained }: FittedState,
  ): void {
    const before = series.map((one) => live[one.series] as LiveSeries);
    const extras = series.map(({ history, from }, i) =>
      inputsBetween(inputs, history, from, history.y.length, axis, before[i].past),
    );
    const views = this.#streams.map((stream, g) => {
      const back = reach(ensemble!.plan.views[g]);
      return stream.read(
        series.map(({ history, series: number, from }, i): NewValues => {
          const { y } = history;
          let first = Math.max(0, from - back);
          while (Number.isNaN(y[first])) first--;
          const { unit, views } = before[i];
          const values =
            explained && unit
              ? unexplainedBetween(explained, history, first, y.length, axis, number, unit)
              : y.subarray(first);
          return { before: views[g], y: values, first, count: y.length - from, extra: extras[i] };
        }),
      );
    });
    series.forEach(({ series: number }, i) => {
      live[number] = { ...before[i], views: views.map((view) => view[i]) };
    });
  }

  /** A longer column: in its own memory where that has room, else in new memory of double the size. */
  readonly #grow = (column: Float64Array, length: number): Float64Array => {
    let longer: Float64Array;
    if (this.#own.has(column.buffer) && length <= column.buffer.byteLength / 8)
      longer = new Float64Array(column.buffer, 0, length);
    else {
      const memory = new Float64Array(Math.max(length, 2 * column.length));
      memory.set(column);
      this.#own.add(memory.buffer);
      longer = memory.subarray(0, length);
    }
    longer.fill(Number.NaN, column.length);
    return longer;
  };
}

/** A series to be read on from some value. */
interface Onwards {
  readonly history: History;
  readonly series: number;
  readonly from: number;
}

/**
 * The first value that the networks can read on from: `before`, or after the last value that the units of the series, as
 * they are by then, cannot express.
 */
function readable(
  history: History,
  series: number,
  before: number,
  { unit, views }: LiveSeries,
  preparation: Preparation,
): number {
  const { y } = history;
  const { explained, axis } = preparation;
  let from = before;
  let scale: Pick<LocalScale, 'log' | 'divisor'> = views[0].scale;
  let values =
    explained && unit
      ? unexplainedBetween(explained, history, before, y.length, axis, series, unit)
      : y.subarray(before);
  for (;;) {
    const odd = values.findIndex((value) => (scale.log ? value <= 0 : Math.abs(value) > MOST_UNITS * scale.divisor));
    if (odd < 0) return from;
    from += odd + 1;
    const { y: fresh } = cutAt(history, from, 0, preparation, series);
    scale = fitLocalScale(interpolate(fresh), []);
    values = cutAt(history, y.length, 0, preparation, series).y.subarray(from);
  }
}

/** Lets others do what waits for this thread. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

function missingAfter({ y }: History, from: number): number {
  let missing = 0;
  for (let t = from; t < y.length; t++) if (Number.isNaN(y[t])) missing++;
  return missing;
}

function lastTime(history: History, axis: FittedState['axis']): number {
  return timesOf(history, axis, history.y.length - 1, 1)[0];
}

/** The first stamp over all series: new ones may begin earlier. */
function firstStamp(added: readonly Joined[], { histories, axis }: FittedState, known: string): string {
  if (added.length === 0) return known;
  const all = [...histories, ...added.map(({ history }) => history)];
  return formatTimestamp(axis, Math.min(...all.map((history) => timesOf(history, axis, 0, 1)[0])));
}
