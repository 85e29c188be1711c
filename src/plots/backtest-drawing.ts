import type { BacktestFrame } from '../forecasting/index.js';
import { backtestPlot, MOST_BACKTEST_PANELS } from './backtest-plot.js';
import { ENGLISH, type PictureWords } from './picture-words.js';

/** The windows and the errors by step ahead, as a picture. @param verdict in the language of the words */
export function drawBacktest(result: BacktestFrame, verdict = result.verdict, words: PictureWords = ENGLISH): string {
  const { models, levels, windows, horizon, axis, data } = result;
  const [model] = models;
  const [level] = levels;
  const bySeries = new Map<number, { id: string; cuts: number[] }>();
  result.cuts.forEach(({ series, id }, at) => {
    const own = bySeries.get(series) ?? { id, cuts: [] };
    own.cuts.push(at);
    bySeries.set(series, own);
  });
  const panels = [...bySeries].map(([series, { id, cuts }], place) => ({
    id,
    // A panel past the last is only counted.
    history: place < MOST_BACKTEST_PANELS ? result.observed(series) : { time: [], y: [] },
    windows: cuts.map((at) => ({
      cutoff: result.cuts[at].cutoff,
      time: result.cuts[at].times,
      medians: models.map((name) => result.valuesOf(name, at)),
      band: { level, lo: result.valuesOf(`${model}-lo-${level}`, at), hi: result.valuesOf(`${model}-hi-${level}`, at) },
    })),
  }));
  const what = panels.length === 1 ? panels[0].id : words.series(panels.length);
  const { byStep } = result;
  return backtestPlot({
    title: words.backtestTitle(what, windows, horizon),
    subtitle: verdict,
    timeKind: axis.kind,
    valueLabel: data.target,
    models,
    panels,
    byStep: { label: 'MASE', errors: models.map((name) => byStep.get(name)!) },
    words,
  });
}
