/**
 * What a forecaster is handed: one or many series on regular time grids, as plain immutable data.
 * Nothing here refers to files or columns other than by name.
 */

/** `integer`: steps 1, 2, 3 …; `date`: calendar days (also months and years written short); `datetime`: days with a time. */
export type TimeKind = 'integer' | 'date' | 'datetime';

/** What one step is. `business-day` is Monday to Friday; `step` counts integers. */
export type FrequencyUnit =
  | 'step'
  | 'second'
  | 'minute'
  | 'hour'
  | 'day'
  | 'business-day'
  | 'week'
  | 'month'
  | 'quarter'
  | 'year';

/** The distance from one point of a series to the next. Made by frequency.ts. */
export interface Frequency {
  /** As pandas and Nixtla write it: `MS`, `ME`, `QS`, `YS-APR`, `W-SUN`, `D`, `B`, `h`, `30min`, `s`; a number for integer steps. */
  readonly alias: string;
  readonly unit: FrequencyUnit;
  /** How many units one step has; whole except for seconds, where 500 ms is 0.5. */
  readonly multiple: number;
  /** Months, quarters and years only: the stamps are last days of a month, and stay so. */
  readonly monthEnd: boolean;
}

/** How the stamps of the input were written, so that the output can be written alike. */
export interface TimeStyle {
  /** Between year, month and day; empty for `20230131`. */
  readonly dates: '-' | '/' | '';
  /** Between the date and the time of day. */
  readonly separator: 'T' | ' ';
  /** The smallest part that is written. */
  readonly precision: 'year' | 'month' | 'day' | 'minute' | 'second' | 'millisecond';
}

/** The common time axis of a frame. */
export interface TimeAxis {
  readonly kind: TimeKind;
  /** Written after every stamp: empty, `Z`, or an offset such as `+02:00`. Times are wall-clock times in it. */
  readonly zone: string;
  readonly freq: Frequency;
  readonly style?: TimeStyle;
}

/** One series on its own regular grid: point k lies k steps after `start`. */
export interface Series {
  readonly id: string;
  /** Time of y[0]: the integer step, or milliseconds since 1970 of the wall clock read as UTC. */
  readonly start: number;
  /** One value per step; NaN where the input had no value or no row, and on rows ahead that only carry covariates. */
  readonly y: Float64Array;
  /** Past covariates on the same grid, each as long as y, in the order of the frame's names; NaN where missing. */
  readonly past: readonly Float64Array[];
  /** Future covariates on the same grid, each as long as y; what follows the last value of y belongs to the steps ahead. */
  readonly future: readonly Float64Array[];
  /** Static covariates: numbers, or text where a column holds any; NaN or an empty text where the series has none. */
  readonly static: readonly (number | string)[];
}

/** Everything that was read from one source. */
export interface SeriesFrame {
  /** In order of first appearance. */
  readonly series: readonly Series[];
  readonly axis: TimeAxis;
  /** Steps in one season: given, else the default of the frequency, else 1. */
  readonly season: number;
  readonly seasonSource: 'given' | 'frequency' | 'none';
  /** Column names of the input; null where there is no such column. */
  readonly names: { readonly id: string | null; readonly time: string | null; readonly target: string };
  /** Covariate columns by role, in the order of the arrays in each series. */
  readonly covariates: {
    readonly past: readonly string[];
    readonly future: readonly string[];
    readonly static: readonly string[];
  };
  /** Data rows read, without those of a file of future covariates. */
  readonly rows: number;
  /** Points without a value between the first and the last value of their series: missing in the input, or gaps of the grid. */
  readonly missing: number;
  /** Name of the input, for messages. */
  readonly source: string;
}
