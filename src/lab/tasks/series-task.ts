/** What came of an echo state network on one of the series that such networks have been measured on since Jaeger 2001. */
export interface SeriesRun {
  readonly task: string;
  /** What was asked, such as `84 steps ahead`. */
  readonly what: string;
  readonly seed: number;
  /** N. */
  readonly reservoirSize: number;
  /** √(mean squared error / variance). */
  readonly nrmse: number;
  /** The same of something simple that was asked the same, and what that is. */
  readonly simple: { readonly name: string; readonly nrmse: number };
  readonly seconds: number;
  /** For pictures: a stretch of the truth and what the network made of it. */
  readonly shown: { readonly truth: readonly number[]; readonly output: readonly number[] };
}
