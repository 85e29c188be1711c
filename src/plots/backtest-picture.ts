/** What a picture of a back-test shows, as plain data. */
import type { Band, Points, TimeKind } from './forecast-picture.js';
import type { PictureWords } from './picture-words.js';

/** The forecasts of one origin. */
export interface BacktestWindowPicture {
  /** Time of the last value that the models saw. */
  readonly cutoff: number;
  readonly time: ArrayLike<number>;
  /** One line per model, in the order of the picture's models. */
  readonly medians: readonly ArrayLike<number>[];
  /** Of the first model. */
  readonly band?: Band;
}

/** One series. */
export interface BacktestPanel {
  readonly id: string;
  /** All that was observed, past the cutoffs too. */
  readonly history: Points;
  /** The earliest first. */
  readonly windows: readonly BacktestWindowPicture[];
}

export interface BacktestPicture {
  readonly title: string;
  readonly subtitle?: string;
  readonly timeKind: TimeKind;
  readonly valueLabel?: string;
  /** The first one is the one that matters: it has the strongest line, and a band. */
  readonly models: readonly string[];
  readonly panels: readonly BacktestPanel[];
  /** Error of each model by step ahead [models][horizon], and what kind of error it is. */
  readonly byStep?: { readonly label: string; readonly errors: readonly ArrayLike<number>[] };
  /** CSS pixels. Default: 960. */
  readonly width?: number;
  /** Default: English. */
  readonly words?: PictureWords;
}
