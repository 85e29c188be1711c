import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spreadLabels } from './end-labels.js';
import {
  attractorPlot,
  gradientPlot,
  learningPlot,
  lineChart,
  openingPlot,
  successPlot,
  tracesPlot,
  trainingHeatPlot,
} from './index.js';
import { LINE_STYLES } from './lab-theme.js';

const curve = (name: string, of: (x: number) => number, count = 101) => ({
  name,
  points: Array.from({ length: count }, (_, x) => ({ x, y: of(x) })),
});
const line = (of: (lag: number) => number) => {
  const median = Float64Array.from({ length: 101 }, (_, lag) => of(lag));
  return { low: median.map((y) => y - 1), median, high: median.map((y) => y + 1) };
};
const training = {
  ...{ cell: 'lstm', task: 'adding', length: 20, hiddenSize: 8, measure: 'MSE' as const },
  points: [0, 10, 20].map((updates) => ({
    updates,
    score: 0.1,
    kept: Float64Array.from({ length: 20 }, (_, lag) => (updates === 20 ? 0 : -lag)),
  })),
};

const PICTURES: Record<string, string> = {
  gradient: gradientPlot({
    cells: [
      { name: 'RNN <tanh>', line: line((lag) => -0.25 * lag) },
      { name: 'LSTM', line: line(() => 0) },
      { name: 'dead', line: line((lag) => (lag > 3 ? Number.NEGATIVE_INFINITY : 0)) },
    ],
    decades: [-10, 5],
  }),
  learning: learningPlot({
    title: 'a',
    curves: [curve('lstm', (x) => 0.99 ** x), curve('rnn', () => 0.2)],
    yLabel: 'MSE',
    log: true,
    references: [{ y: 0.01, name: 'solved' }],
  }),
  success: successPlot({ title: 'b', cells: [curve('lstm', () => 1), curve('rnn', (x) => (x > 50 ? 0 : 1))] }),
  attractor: attractorPlot({
    title: 'c',
    delay: 3,
    panels: [{ name: 'truth', values: Array.from({ length: 90 }, (_, t) => Math.sin(t)) }],
  }),
  opening: openingPlot({ factor: 0.3 }),
  heat: trainingHeatPlot({ title: 'd', panels: [{ name: 'lstm', training }] }),
  traces: tracesPlot({
    title: 'e',
    timeKind: 'integer',
    times: [1, 2, 3, 4],
    panels: [
      { heading: 'y', lines: [{ name: 'y', values: [1, 2, Number.NaN, 3] }] },
      { heading: 'gates', lines: [{ name: 'f', values: [0, 1, 1, 0.5], style: 0 }], domain: [0, 1] },
    ],
    heat: {
      heading: 'f',
      rows: [
        [0, 0.5, 1, 1],
        [1, 1, 0, 0],
      ],
    },
  }),
  nothing: lineChart({ title: 'f', xLabel: 'x', yLabel: 'y', lines: [{ name: 'empty', points: [] }] }),
};

for (const [name, svg] of Object.entries(PICTURES)) {
  test(`${name}: well formed, without NaN, with words for those who cannot see it, and dark where the reader is`, () => {
    const open: string[] = [];
    for (const [, close, tag, empty] of svg.matchAll(/<(\/?)([a-z]+)(?: [\w:-]+="[^"<]*")*(\/?)>/g)) {
      if (close) assert.equal(open.pop(), tag);
      else if (!empty) open.push(tag);
    }
    assert.deepEqual(open, []);
    assert.equal(/.{0,40}(?:NaN|Infinity|undefined)/.exec(svg)?.[0], undefined);
    assert.match(svg, /role="img".*<title>[^<]+<\/title><desc>[^<]{20,}<\/desc>/);
    assert.match(svg, /prefers-color-scheme:dark/);
    assert.doesNotMatch(svg, /<script|href=/);
  });
}

test('lines are told apart without hue: no two styles share dashes and marker', () => {
  const looks = LINE_STYLES.map(({ dashes, marker }) => `${dashes} ${marker}`);
  assert.equal(new Set(looks).size, looks.length);
});

test('every line is named at its end; several runs of one name once', () => {
  assert.match(PICTURES.gradient, />RNN &lt;tanh&gt;: 1e−25</);
  assert.match(PICTURES.gradient, />dead: 0</);
  const twice = lineChart({
    title: 'g',
    xLabel: 'x',
    yLabel: 'y',
    lines: [curve('lstm', (x) => x), curve('lstm', (x) => 2 * x)],
  });
  assert.equal(twice.match(/>lstm</g)?.length, 1);
});

test('a line that leaves the frame is cut at its border', () => {
  const svg = lineChart({
    title: 'h',
    xLabel: 'x',
    yLabel: 'y',
    yDomain: [0, 10],
    height: 520,
    lines: [curve('up', (x) => x)],
  });
  const [, path] = /class="line line-0" d="([^"]+)"/.exec(svg) ?? [];
  const ys = [...path.matchAll(/[ML][\d.]+,([\d.]+)/g)].map(([, y]) => Number(y));
  assert.ok(Math.min(...ys) >= 70 - 0.01, `${Math.min(...ys)}`);
  assert.ok(Math.max(...ys) <= 468 + 0.01);
});

test('labels keep their order and their distance, within the frame, and stay where there is room', () => {
  assert.deepEqual(spreadLabels([10, 100, 50], 16, 0, 200), [10, 100, 50]);
  const wanted = [50, 51, 49, 50, 180, 199, 0];
  const placed = spreadLabels(wanted, 16, 0, 200);
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b] || a - b);
  order.slice(1).forEach((index, rank) => {
    assert.ok(placed[index] - placed[order[rank]] >= 16 - 1e-9);
  });
  assert.ok(placed.every((y) => y >= 0 && y <= 200 + 1e-9));
});
