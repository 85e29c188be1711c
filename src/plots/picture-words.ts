/** What pictures of forecasts and back-tests say, in the language of the reader. */
import { DATE_FORMATS, type TickFormat } from './time-ticks.js';

export interface PictureWords {
  /** `airline: the next 24 months`; a unit is `month`, `business-day`, or `step`. */
  forecastTitle(what: string, horizon: number, unit: string): string;
  backtestTitle(what: string, windows: number, horizon: number): string;
  /** What stands for the name of one series where there are several. */
  series(count: number): string;
  readonly history: string;
  readonly observed: string;
  readonly actual: string;
  forecast(model: string | undefined): string;
  interval(level: number): string;
  intervalOf(level: number, model: string): string;
  readonly cutoff: string;
  byStep(error: string): string;
  /** That errors by step stand below. */
  below(error: string): string;
  readonly noValues: string;
  readonly noSeries: string;
  readonly ownScale: string;
  notShown(count: number): string;
  /** The picture in words, for those who cannot see it. */
  describeForecast(model: string | undefined, panels: readonly PanelFacts[]): string;
  describeBacktest(models: readonly string[], panels: readonly { id: string; origins: number }[]): string;
  /** How times are written. */
  readonly dates: readonly TickFormat[];
}

/** A panel for those who cannot see it. */
export interface PanelFacts {
  readonly id: string;
  readonly observed: number;
  readonly steps: number;
  /** In percent, the narrowest interval first. */
  readonly levels: readonly number[];
  readonly compared: boolean;
}

export const ENGLISH: PictureWords = {
  forecastTitle: (what, horizon, unit) =>
    `${what}: the next ${horizon} ${unit.replace('-', ' ')}${horizon === 1 ? '' : 's'}`,
  backtestTitle: (what, windows, horizon) =>
    `${what}: ${windows} back-test${windows === 1 ? '' : 's'} of ${horizon} step${horizon === 1 ? '' : 's'}`,
  series: (count) => `${count} series`,
  history: 'history',
  observed: 'observed',
  actual: 'actual',
  forecast: (model) => (model === undefined ? 'forecast' : `forecast (${model})`),
  interval: (level) => `${level} % interval`,
  intervalOf: (level, model) => `${level} % interval of ${model}`,
  cutoff: 'cutoff: what comes after it was not seen',
  byStep: (error) => `${error} by step ahead`,
  below: (error) => `Below: ${error} by step ahead.`,
  noValues: 'no values to show',
  noSeries: 'No series to show.',
  ownScale: 'Each panel has its own scale.',
  notShown: (count) => `${count} more series ${count === 1 ? 'is' : 'are'} not shown.`,
  describeForecast(model, panels) {
    const sentences = panels.map(({ id, observed, steps, levels, compared }) => {
      const intervals =
        levels.length > 0 ? `, with ${levels.map((level) => `${level} %`).join(' and ')} intervals` : '';
      const actual = compared ? ', compared with the actual values' : '';
      return `${id}: ${observed} observed steps, ${steps} forecast${intervals}${actual}.`;
    });
    return [`Line chart of time series${model ? ` forecast by ${model}` : ''}.`, ...sentences].join(' ');
  },
  describeBacktest(models, panels) {
    const sentences = panels.map(({ id, origins }) => `${id}: forecasts of ${origins} origins over what was observed.`);
    return [`Line charts of a back-test of ${models.join(', ')}.`, ...sentences].join(' ');
  },
  dates: DATE_FORMATS,
};
