/** What a picture of forecasts shows, as plain data: no frame, no model, so that anything may be drawn. */
import type { PictureWords } from './picture-words.js';

/** Points of one line, times ascending. A value that is not finite is a gap. */
export interface Points {
  readonly time: ArrayLike<number>;
  readonly y: ArrayLike<number>;
}

/** A prediction interval, one bound per forecast step. */
export interface Band {
  /** Nominal coverage in percent, e.g. 80. */
  readonly level: number;
  readonly lo: ArrayLike<number>;
  readonly hi: ArrayLike<number>;
}

/** One series: what was observed, what is forecast, and (in a back-test) what really came. */
export interface ForecastPanel {
  readonly id: string;
  readonly history: Points;
  readonly forecast: {
    readonly time: ArrayLike<number>;
    readonly median: ArrayLike<number>;
    readonly bands: readonly Band[];
  };
  readonly actual?: Points;
}

/** How time values are meant: integer steps, or UTC milliseconds whose time of day does not (date) or does count. */
export type TimeKind = 'integer' | 'date' | 'datetime';

export interface ForecastPicture {
  readonly title: string;
  readonly subtitle?: string;
  readonly timeKind: TimeKind;
  /** What y is, with its unit: `passengers (thousands)`. */
  readonly valueLabel?: string;
  /** Name of the model, for the legend. */
  readonly model?: string;
  readonly panels: readonly ForecastPanel[];
  /** CSS pixels. Default: 960. */
  readonly width?: number;
  /** CSS pixels. Default: 480 for one panel; for several as their rows need. */
  readonly height?: number;
  /** How many of the last history steps to show. Default: 8 horizons, at least 60; all if there is no forecast. */
  readonly historySteps?: number;
  /** Default: English. */
  readonly words?: PictureWords;
}
