import Papa from 'papaparse';
import type { SeriesFrame, TimeAxis } from '../series/frame.js';
import { encodeParquet, timeColumn } from '../series/parquet/write.js';
import { formatTimestamp } from '../series/timestamp.js';
import { type BacktestScores, type CutForecast, errorByStep, scoreForecasts, testModels } from './backtest-scores.js';
import type { BacktestCut, BacktestWindows } from './backtest-windows.js';
import type { LossTest } from './diebold-mariano.js';
import { concatenate, type ForecastFrame } from './forecast-frame.js';
import { historiesOf, observedOf, type Season } from './history.js';
import { naiveError } from './metrics.js';
import { describeData, type FitReport } from './report.js';

/** One row: `unique_id`, `ds`, `cutoff`, `y`, then every model's columns; y is null where nothing was observed. */
export type BacktestRow = Record<string, string | number | null>;

/** What one model did in a back-test. */
export interface BacktestRun {
  readonly model: string;
  /** Columns by name, one per window, with the series of that window in order. */
  readonly forecasts: readonly ForecastFrame['columns'][];
  /** Of the last fit. */
  readonly report: FitReport;
  /** Fitting and forecasting, by the clock. */
  readonly seconds: number;
}

/** The comparison of the first model with a simpler one. */
export interface BacktestTest extends LossTest {
  readonly model: string;
  readonly reference: string;
  readonly over: 'series' | 'steps';
}

/**
 * A back-test in the shape of Nixtla's cross-validation: `unique_id, ds, cutoff, y, <model>, <model>-lo-80, …`, ordered by
 * series, cutoff and time; and what it says about the models.
 */
export class BacktestFrame {
  readonly models: readonly string[];
  /** Interval levels in percent, ascending. */
  readonly levels: readonly number[];
  readonly axis: TimeAxis;
  readonly horizon: number;
  /** m of MASE, for all models and windows. */
  readonly season: number;
  /** The whole frame, as a fit describes its data. */
  readonly data: FitReport['data'];
  /** Windows with at least one series. */
  readonly windows: number;
  /** Steps from one origin to the next. */
  readonly step: number;
  /** Id → windows that the series was left out of. */
  readonly leftOut: ReadonlyMap<string, number>;
  /** Whole back-test by series and window: what the rows are made of. */
  readonly cuts: readonly BacktestCut[];
  /** Column name → one number per row. */
  readonly columns: ReadonlyMap<string, Float64Array>;
  /** One row of scores per model, in the order asked for; seconds by the clock. */
  readonly table: readonly (BacktestScores & { readonly seconds: number })[];
  /** Whether the first model differs from the naive one by more than chance; null with a single model. */
  readonly test: BacktestTest | null;
  /** The last fit of every model. */
  readonly reports: ReadonlyMap<string, FitReport>;
  readonly #frame: SeriesFrame;
  readonly #forecasts: readonly CutForecast[];

  constructor(
    frame: SeriesFrame,
    { season, step }: { readonly season: Season; readonly step: number },
    { windows, leftOut }: BacktestWindows,
    { horizon, levels }: Pick<ForecastFrame, 'horizon' | 'levels'>,
    runs: readonly BacktestRun[],
  ) {
    this.#frame = frame;
    this.axis = frame.axis;
    this.season = season.length;
    this.step = step;
    this.windows = windows.length;
    this.leftOut = leftOut;
    this.data = describeData(frame, historiesOf(frame), season);
    this.levels = levels;
    this.horizon = horizon;
    this.models = runs.map(({ model }) => model);
    this.reports = new Map(runs.map(({ model, report }) => [model, report]));
    const places = windows.flatMap(({ cuts }, window) => cuts.map((cut, position) => ({ cut, window, position })));
    places.sort((a, b) => a.cut.series - b.cut.series || a.cut.window - b.cut.window);
    this.cuts = places.map(({ cut }) => cut);
    const columnOf = (run: BacktestRun, name: string) =>
      concatenate(
        places.map(({ window, position }) => {
          const values = run.forecasts[window].get(name) ?? new Float64Array(0);
          return values.subarray(position * horizon, (position + 1) * horizon);
        }),
      );
    this.columns = new Map(
      runs.flatMap((run) => [...run.forecasts[0].keys()].map((name) => [name, columnOf(run, name)])),
    );
    this.#forecasts = this.cuts.map((cut, at) => ({
      cut,
      scale: naiveError(cut.history, season.length),
      values: (column) => this.valuesOf(column, at),
    }));
    this.table = runs.map(({ model, seconds }) => ({
      ...scoreForecasts(model, this.levels, this.#forecasts),
      seconds,
    }));
    this.test = this.#test();
  }

  /** Number of rows. */
  get length(): number {
    return this.cuts.length * this.horizon;
  }

  /** Names of all columns, in order. */
  get columnNames(): string[] {
    return ['unique_id', 'ds', 'cutoff', 'y', ...this.columns.keys()];
  }

  /** Scores of every model on every series, in the order of the rows. */
  get bySeries(): (BacktestScores & { readonly id: string; readonly windows: number })[] {
    const bySeries = new Map<number, CutForecast[]>();
    for (const forecast of this.#forecasts) {
      const own = bySeries.get(forecast.cut.series);
      if (own) own.push(forecast);
      else bySeries.set(forecast.cut.series, [forecast]);
    }
    return [...bySeries.values()].flatMap((own) =>
      this.models.map((model) => ({
        id: own[0].cut.id,
        windows: own.length,
        ...scoreForecasts(model, this.levels, own),
      })),
    );
  }

  /** Model → its error at each step ahead, in units of the seasonal change of the histories (MASE by horizon). */
  get byStep(): Map<string, Float64Array> {
    return new Map(this.models.map((model) => [model, errorByStep(model, this.#forecasts)]));
  }

  /** All rows as objects; `ds` and `cutoff` are numbers for integer steps, else text. */
  toRows(): BacktestRow[] {
    const stamp = (time: number) => (this.axis.kind === 'integer' ? time : formatTimestamp(this.axis, time));
    const columns = [...this.columns];
    return this.cuts.flatMap(({ id, cutoff, times, actual }, at) =>
      Array.from(actual, (y, k): BacktestRow => {
        const row: BacktestRow = {
          unique_id: id,
          ds: stamp(times[k]),
          cutoff: stamp(cutoff),
          y: Number.isNaN(y) ? null : y,
        };
        for (const [name, values] of columns) row[name] = values[at * this.horizon + k];
        return row;
      }),
    );
  }

  /** RFC 4180 text with a header line; numbers in full precision, an empty field where nothing was observed. */
  toCSV(): string {
    const fields = this.columnNames;
    const data = this.toRows().map((row) => fields.map((name) => row[name]));
    return `${Papa.unparse({ fields, data }, { newline: '\n' })}\n`;
  }

  /** A Parquet file, as a forecast's: `ds` and `cutoff` are stamps or integer steps, `y` is NaN where nothing was observed. */
  toParquet(): Uint8Array {
    const perRow = (part: (cut: BacktestCut) => Float64Array) => concatenate(this.cuts.map(part));
    return encodeParquet([
      { name: 'unique_id', kind: 'text', values: this.cuts.flatMap(({ id }) => Array<string>(this.horizon).fill(id)) },
      timeColumn(
        'ds',
        perRow(({ times }) => times),
        this.axis,
      ),
      timeColumn(
        'cutoff',
        perRow(({ cutoff }) => new Float64Array(this.horizon).fill(cutoff)),
        this.axis,
      ),
      { name: 'y', kind: 'number', values: perRow(({ actual }) => actual) },
      ...Array.from(this.columns, ([name, values]) => ({ name, kind: 'number' as const, values })),
    ]);
  }

  /** The values of one cut in one of the columns. */
  valuesOf(column: string, cut: number): Float64Array {
    const values = this.columns.get(column) ?? new Float64Array(0);
    return values.subarray(cut * this.horizon, (cut + 1) * this.horizon);
  }

  /** What was observed of a series of the frame, by its position there. */
  observed(series: number): { readonly time: Float64Array; readonly y: Float64Array } {
    return observedOf(this.#frame, series);
  }

  /** What the test says, in a sentence. */
  get verdict(): string {
    const over = `over ${count(this.windows, 'window')}`;
    if (!this.test) return `${this.models[0]}: ${figure(this.table[0])} ${over}.`;
    const { model, reference, p, n } = this.test;
    const [own, other] = [model, reference].map((name) => this.table.find((row) => row.model === name)!);
    const figures = `${figure(own)} against ${figure(other).replace(/^\S+ /, '')} ${over}`;
    if (Number.isNaN(p)) return `${model} and ${reference}: ${figures}; too few forecasts to tell more.`;
    const test = `p ${p < 0.001 ? '< 0.001' : `= ${p.toFixed(3)}`}, Diebold-Mariano test over ${n} ${this.test.over}`;
    if (p >= 0.05) return `${model} and ${reference} may differ by chance: ${figures} (${test}).`;
    return `${model} is ${this.test.statistic < 0 ? 'better' : 'worse'} than ${reference}: ${figures} (${test}).`;
  }

  /** The first model against the naive forecast if that was asked for, else against the last model. */
  #test(): BacktestTest | null {
    const [model, ...others] = this.models;
    if (others.length === 0) return null;
    const reference = ['seasonal-naive', 'naive'].find((name) => others.includes(name)) ?? others[others.length - 1];
    return { model, reference, ...testModels(model, reference, this.#forecasts) };
  }
}

function figure({ mase, smape }: BacktestScores): string {
  return Number.isFinite(mase) ? `MASE ${mase.toFixed(2)}` : `sMAPE ${smape.toFixed(1)}`;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
