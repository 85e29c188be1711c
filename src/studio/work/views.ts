/** What the worker tells the window: plain data. */
import type {
  BacktestScores,
  BacktestTest,
  FitReport,
  ForecasterOptions,
  ModelName,
  TimeKind,
} from '../../index-browser.js';

/** Columns by what they are. */
export interface Roles {
  readonly id: string | null;
  readonly time: string | null;
  readonly target: string;
  readonly past: readonly string[];
  readonly future: readonly string[];
  readonly static: readonly string[];
}

/** A table that was read. */
export interface TableView {
  /** Name of the file. */
  readonly source: string;
  readonly data: FitReport['data'];
  readonly kind: TimeKind;
  readonly roles: Roles;
  readonly series: readonly { readonly id: string; readonly length: number }[];
}

/** What to fit. */
export type FitRequest = ForecasterOptions;

/** A fitted model, without its weights. */
export interface ModelView {
  readonly report: FitReport;
  readonly name: ModelName;
  readonly horizon: number;
  /** Percent, ascending. */
  readonly levels: readonly number[];
  readonly seed: number;
  /** The naive method that stands beside it. */
  readonly baseline: string;
  readonly kind: TimeKind;
}

/** One series as it is drawn; of more than 300 000 points only the last 20 000 are all there (thin-series.ts). Times: integer steps, or milliseconds of the wall clock read as UTC. */
export interface SeriesView {
  readonly id: string;
  /** Its place in the table. */
  readonly index: number;
  readonly time: Float64Array;
  /** NaN where no value was observed. */
  readonly y: Float64Array;
  readonly forecast: null | {
    readonly time: Float64Array;
    readonly median: Float64Array;
    /** Ascending levels. */
    readonly bands: readonly { readonly level: number; readonly lo: Float64Array; readonly hi: Float64Array }[];
    readonly baseline: Float64Array;
  };
}

/** A back-test as it is shown. */
export interface BacktestView {
  readonly scores: readonly (BacktestScores & { readonly seconds: number })[];
  readonly verdict: string;
  readonly levels: readonly number[];
  readonly horizon: number;
  readonly season: number;
  readonly windows: number;
  /** More than one series: errors are scaled. */
  readonly several: boolean;
  readonly test: BacktestTest | null;
  readonly csv: string;
}
