import type { FitReport, ForecastFrame } from '../forecasting/index.js';
import { type ForecastPanel, forecastPlot, MAX_PANELS } from './forecast-plot.js';
import { ENGLISH, type PictureWords } from './picture-words.js';

/** A forecast as a picture, with what was done and how good it is. @param verdict in the language of the words */
export function drawForecast(
  forecast: ForecastFrame,
  { data, verdict }: Pick<FitReport, 'data' | 'verdict'>,
  words: PictureWords = ENGLISH,
): string {
  const { model, horizon } = forecast;
  const panels = forecast.histories.map(({ id, y }, s): ForecastPanel => {
    // A panel past the last is only counted.
    const shown = s < MAX_PANELS;
    return {
      id,
      history: shown ? { time: forecast.historyTimes(s), y } : { time: [], y: [] },
      forecast: {
        time: forecast.times.subarray(s * horizon, (s + 1) * horizon),
        median: forecast.valuesOf(model, s),
        bands: forecast.levels.map((level) => ({
          level,
          lo: forecast.valuesOf(`${model}-lo-${level}`, s),
          hi: forecast.valuesOf(`${model}-hi-${level}`, s),
        })),
      },
    };
  });
  const what = panels.length === 1 ? panels[0].id : words.series(panels.length);
  return forecastPlot({
    title: words.forecastTitle(what, horizon, unitOf(forecast)),
    // The first sentence: what was done and how good it is.
    subtitle: verdict.split(/(?<=\.) (?=[a-zA-Z])|(?<=。)/)[0],
    timeKind: forecast.axis.kind,
    valueLabel: data.target,
    model,
    panels,
    words,
  });
}

/** What one step of the forecast is. */
function unitOf({ axis: { freq } }: ForecastFrame): string {
  return freq.multiple === 1 ? freq.unit : 'step';
}
