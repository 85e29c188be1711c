import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backtestPlot } from '../../plots/backtest-plot.js';
import { forecastPlot } from '../../plots/forecast-plot.js';
import { PICTURES_ZH } from './pictures-zh.js';

const time = [0, 1, 2, 3].map((month) => Date.UTC(2024, month, 1));
/** What is read, and what is read aloud. */
const textsOf = (svg: string) => [...svg.matchAll(/<(?:text|desc|title)[^>]*>([^<]*)</g)].map(([, text]) => text);
/** Words that are no names of series or models and no error measures. */
const english = (texts: readonly string[]) =>
  texts.filter((text) => /[A-Za-z]{2,}/.test(text.replace(/shop|theta|ets|MASE/g, '')));

test('a forecast in Chinese has no English word, and dates as they are written there', () => {
  const panel = (id: string) => ({
    ...{ id, history: { time: time.slice(0, 2), y: [1, 2] }, actual: { time: time.slice(2), y: [2, 3] } },
    forecast: { time: time.slice(2), median: [2, 2], bands: [{ level: 80, lo: [1, 1], hi: [3, 3] }] },
  });
  const title = PICTURES_ZH.forecastTitle('shop', 2, 'month');
  assert.equal(title, 'shop：未来 2 个月');
  for (const count of [0, 1, 14]) {
    const panels = Array.from({ length: count }, (_, i) => panel(`shop ${i}`));
    const texts = textsOf(forecastPlot({ title, timeKind: 'date', model: 'theta', panels, words: PICTURES_ZH }));
    assert.deepEqual(english(texts), []);
    if (count === 1)
      assert.ok(
        texts.some((text) => /^\d月$|^2024年$/.test(text)),
        texts.join(' '),
      );
    if (count === 14) assert.ok(texts.includes('每幅小图各有自己的刻度。 另有 2 条序列没有画出。'), texts.join(' '));
  }
});

test('a back-test in Chinese has no English word', () => {
  const window = {
    cutoff: time[1],
    time: time.slice(2),
    medians: [
      [2, 2],
      [1, 3],
    ],
  };
  const svg = backtestPlot({
    ...{
      title: PICTURES_ZH.backtestTitle('shop', 1, 2),
      timeKind: 'date',
      models: ['theta', 'ets'],
      words: PICTURES_ZH,
    },
    panels: [
      {
        ...{ id: 'shop', history: { time, y: [1, 2, 2, 3] } },
        windows: [{ ...window, band: { level: 80, lo: [1, 1], hi: [3, 3] } }],
      },
      { id: 'shop', history: { time: [], y: [] }, windows: [] },
    ],
    byStep: {
      label: 'MASE',
      errors: [
        [1, 2],
        [2, 3],
      ],
    },
  });
  assert.deepEqual(english(textsOf(svg)), []);
});
