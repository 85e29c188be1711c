import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ForecastPanel, type ForecastPicture, forecastPlot } from './forecast-plot.js';

interface Node {
  name: string;
  attributes: Record<string, string>;
  children: Node[];
  text: string;
}

/** A strict reader of the XML that we write: throws at anything not well formed. */
function parse(xml: string): Node {
  const root: Node = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  const token = /<(\/?)([a-z]+)((?: [\w:-]+="[^"<]*")*)(\/?)>|([^<]+)/gy;
  while (token.lastIndex < xml.length) {
    const at = token.lastIndex;
    const match = token.exec(xml);
    assert.ok(match, `not well formed at ${xml.slice(at, at + 60)}`);
    const [, close, name, attributes, empty, text] = match;
    const parent = open.at(-1)!;
    if (text !== undefined) {
      assert.doesNotMatch(text, /&(?!(amp|lt|gt|quot|#39);)|(?!\n)\p{Cc}/u);
      parent.text += unescapeText(text);
    } else if (close) {
      assert.equal(open.pop()!.name, name);
    } else {
      const pairs = [...attributes.matchAll(/ ([\w:-]+)="([^"]*)"/g)].map(([, key, value]) => [
        key,
        unescapeText(value),
      ]);
      assert.equal(new Set(pairs.map(([key]) => key)).size, pairs.length, 'an attribute twice');
      const node: Node = { name, attributes: Object.fromEntries(pairs), children: [], text: '' };
      parent.children.push(node);
      if (!empty) open.push(node);
    }
  }
  assert.equal(open.length, 1, 'an element stays open');
  assert.equal(root.children.length, 1);
  return root.children[0];
}

function unescapeText(text: string): string {
  const characters: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
  return text.replace(/&([^;]+);/g, (_, name) => characters[name]);
}

function all(node: Node, className: string): Node[] {
  const own = node.attributes.class?.split(' ').includes(className) ? [node] : [];
  return [...own, ...node.children.flatMap((child) => all(child, className))];
}

const allText = (node: Node): string => node.text + node.children.map(allText).join('\n');

/** The points of a path of M and L commands (a lone M…Z is a dot), one list per subpath. */
const subpaths = (node: Node) =>
  node.attributes.d
    .split('M')
    .slice(1)
    .map((part) => [...part.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]));

const range = (length: number, from = 0) => Array.from({ length }, (_, i) => from + i);

/** 40 observed steps and 5 forecast ones, with bands that widen. */
function panel(change: Partial<ForecastPanel> = {}): ForecastPanel {
  const median = [30, 31, 32, 33, 34];
  const band = (level: number, width: number) => ({
    level,
    lo: median.map((y, i) => y - width * (i + 1)),
    hi: median.map((y, i) => y + width * (i + 1)),
  });
  return {
    id: 'shop',
    history: { time: range(40, 1), y: range(40).map((t) => 20 + ((t * 7) % 11)) },
    forecast: { time: range(5, 41), median, bands: [band(95, 2), band(80, 1)] },
    ...change,
  };
}

const draw = (panels: ForecastPanel[], change: Partial<ForecastPicture> = {}) =>
  parse(forecastPlot({ title: 'Sales', timeKind: 'integer', panels, ...change }));

/** Maps pixels back to data with the help of the axis labels: independent of the scales of the drawing code. */
function axes(svg: Node) {
  const number = (text: string) => Number(text.replace('−', '-'));
  const fit = (axis: string, attribute: 'x' | 'y') => {
    const labels = all(svg, axis)[0].children.filter(({ name }) => name === 'text');
    const [a, b] = [labels[0], labels.at(-1)!];
    const [pa, pb] = [Number(a.attributes[attribute]), Number(b.attributes[attribute])];
    const slope = (number(b.text) - number(a.text)) / (pb - pa);
    return (pixel: number) => number(a.text) + (pixel - pa) * slope;
  };
  const y = fit('value-axis', 'y');
  // Value labels sit 0.36 em (of 11 px) below the line that they name.
  return { time: fit('time-axis', 'x'), value: (pixel: number) => y(pixel + 0.36 * 11) };
}

test('the lines show the data, read back through the axis labels', () => {
  const data = panel();
  const svg = draw([data]);
  const { time, value } = axes(svg);
  const [history] = subpaths(all(svg, 'known').find(({ attributes }) => attributes.d.includes('L'))!);
  assert.equal(history.length, 40);
  history.forEach(([x, y], i) => {
    assert.ok(Math.abs(time(x) - data.history.time[i]) < 0.02, `time ${i}: ${time(x)}`);
    assert.ok(Math.abs(value(y) - data.history.y[i]) < 0.05, `value ${i}: ${value(y)} for ${data.history.y[i]}`);
  });
  const [forecast] = subpaths(all(svg, 'forecast').at(-1)!);
  assert.equal(forecast.length, 6, 'from the last observation on');
  assert.deepEqual(forecast[0], history[39]);
  forecast.slice(1).forEach(([x, y], i) => {
    assert.ok(Math.abs(time(x) - (41 + i)) < 0.02);
    assert.ok(Math.abs(value(y) - data.forecast.median[i]) < 0.05);
  });
});

test('bands are drawn widest first, narrower ones inside, the median within', () => {
  const svg = draw([panel()]);
  const bands = all(svg, 'band').filter(({ name }) => name === 'path');
  assert.equal(bands.length, 2);
  // d3 draws the upper line forward, then the lower one back.
  const [outer, inner] = bands.map((band) => {
    const points = subpaths(band).flat();
    return { high: points.slice(0, 6), low: points.slice(6).reverse() };
  });
  const [median] = subpaths(all(svg, 'forecast').at(-1)!);
  for (let step = 1; step <= 5; step++) {
    const order = [outer.high, inner.high, median, inner.low, outer.low].map((line) => line[step][1]);
    assert.deepEqual(
      order,
      [...order].sort((a, b) => a - b),
      `step ${step}`,
    );
    assert.equal(new Set(order).size, 5);
  }
  const legend = allText(all(svg, 'legend')[0]);
  assert.match(legend, /history.*forecast.*80 % interval.*95 % interval/s);
});

test('everything lies inside the picture, for series of any scale and sign', () => {
  for (const scale of [1, -1, 1e-9, 1e12, -3e5]) {
    for (const panels of [1, 4, 12]) {
      const base = panel();
      const times = (ys: ArrayLike<number>) => Array.from(ys, (y) => y * scale);
      const bands = base.forecast.bands.map(({ level, lo, hi }) => {
        const [a, b] = [times(lo), times(hi)];
        return scale > 0 ? { level, lo: a, hi: b } : { level, lo: b, hi: a };
      });
      const scaled = panel({
        history: { ...base.history, y: times(base.history.y) },
        forecast: { ...base.forecast, median: times(base.forecast.median), bands },
        actual: { time: range(5, 41), y: times([99, 10, 20, 30, 40]) },
      });
      const svg = draw(Array(panels).fill(scaled));
      const [width, height] = [Number(svg.attributes.width), Number(svg.attributes.height)];
      for (const name of ['known', 'forecast', 'actual', 'band']) {
        for (const [x, y] of all(svg, name)
          .filter((node) => node.name === 'path' && !node.attributes.d.includes('h'))
          .flatMap(subpaths)
          .flat()) {
          assert.ok(x >= 0 && x <= width && y >= 0 && y <= height, `${name} at ${x},${y}`);
        }
      }
    }
  }
});

test('names out of data are text, never markup', () => {
  const evil = `"><script>alert('1')</script>&\u0000\u001b`;
  for (const count of [1, 3]) {
    const xml = forecastPlot({
      title: evil,
      subtitle: evil,
      valueLabel: evil,
      model: evil,
      timeKind: 'integer',
      panels: Array(count).fill(panel({ id: evil })),
    });
    assert.doesNotMatch(xml, /<script|\p{Cc}/u);
    const svg = parse(xml);
    const names = new Set<string>();
    const walk = (node: Node) => {
      names.add(node.name);
      node.children.forEach(walk);
    };
    walk(svg);
    assert.deepEqual(
      [...names].sort(),
      ['circle', 'desc', 'g', 'path', 'rect', 'style', 'svg', 'text', 'title'].filter(
        (name) => count === 1 || name !== 'circle',
      ),
    );
    assert.equal(svg.children[0].text, `"><script>alert('1')</script>&��`);
  }
});

test('a missing value breaks the line and the band', () => {
  const base = panel();
  const y = Array.from(base.history.y, (value, t) => (t === 10 || t === 11 || t === 13 ? Number.NaN : value));
  const [wide] = base.forecast.bands;
  const svg = draw([
    panel({
      history: { time: base.history.time, y },
      forecast: {
        time: base.forecast.time,
        median: [30, 31, Number.NaN, 33, 34],
        bands: [{ level: 95, lo: wide.lo, hi: [32, Infinity, 38, Number.NaN, 44] }],
      },
    }),
  ]);
  const history = all(svg, 'known').filter(({ attributes }) => !attributes.d.includes('h'));
  assert.deepEqual(
    subpaths(history[0]).map((part) => part.length),
    [10, 1, 26],
  );
  assert.deepEqual(
    subpaths(all(svg, 'forecast').at(-1)!).map((part) => part.length),
    [3, 2],
  );
  const bands = all(svg, 'band').filter(({ name }) => name === 'path');
  assert.deepEqual(
    subpaths(bands[0]).map((part) => part.length),
    [4, 4, 4],
    'two steps, then two single ones',
  );
  assert.doesNotMatch(JSON.stringify(svg), /NaN|Infinity|undefined/);
});

test('without a last observation the forecast begins at its first step', () => {
  const base = panel();
  const y = Array.from(base.history.y, (value, t) => (t === 39 ? Number.NaN : value));
  const svg = draw([panel({ history: { time: base.history.time, y } })]);
  assert.equal(subpaths(all(svg, 'forecast').at(-1)!)[0].length, 5);
  assert.equal(all(svg, 'origin').length, 1);
});

test('the example of forecastPlot', () => {
  const xml = forecastPlot({
    title: 'Airline passengers',
    timeKind: 'integer',
    panels: [
      {
        id: 'all',
        history: { time: [1, 2, 3], y: [112, 118, 132] },
        forecast: { time: [4, 5], median: [129, 121], bands: [{ level: 80, lo: [120, 110], hi: [138, 133] }] },
      },
    ],
  });
  const svg = parse(xml);
  assert.deepEqual(
    subpaths(all(svg, 'forecast').at(-1)!).map((part) => part.length),
    [3],
  );
  assert.match(allText(svg), /80 % interval/);
  assert.match(allText(svg), /^121$/m, 'the last forecast value is written at its end');
});

test('nothing, nothing finite, one point, a constant, and no forecast', () => {
  const none = { time: [], median: [], bands: [] };
  assert.match(allText(draw([])), /No series to show/);
  assert.match(
    allText(draw([panel({ history: { time: [1, 2], y: [Number.NaN, Number.NaN] }, forecast: none })])),
    /no values to show/,
  );
  assert.match(allText(draw([panel({ history: { time: [], y: [] }, forecast: none })])), /no values to show/);
  const cases: ForecastPanel[] = [
    panel({ forecast: none }),
    panel({ history: { time: [], y: [] } }),
    panel({ history: { time: [5], y: [3] }, forecast: none }),
    panel({
      history: { time: [], y: [] },
      forecast: { time: [9], median: [1], bands: [{ level: 80, lo: [0], hi: [2] }] },
    }),
    panel({
      history: { time: range(9), y: Array(9).fill(7) },
      forecast: { time: [9], median: [7], bands: [{ level: 80, lo: [7], hi: [7] }] },
    }),
    panel({ history: { time: range(9), y: Array(9).fill(0) }, forecast: none }),
  ];
  for (const [i, data] of cases.entries()) {
    const svg = draw([data]);
    assert.doesNotMatch(JSON.stringify(svg), /NaN|Infinity|undefined/, `case ${i}`);
    const lines = [...all(svg, 'known'), ...all(svg, 'forecast')].filter((node) => !node.attributes.d.includes('h'));
    assert.ok(lines.length >= 1, `case ${i} draws a line`);
    assert.equal(all(svg, 'origin').length, data.history.time.length > 0 && data.forecast.time.length > 0 ? 1 : 0);
  }
});

test('history is trimmed to eight horizons, at least 60 steps, or as asked', () => {
  const long = { time: range(500), y: range(500).map((t) => t % 17) };
  const steps = (horizon: number, historySteps?: number) => {
    const forecast = { time: range(horizon, 500), median: Array(horizon).fill(5), bands: [] };
    const svg = draw([panel({ history: long, forecast })], historySteps === undefined ? {} : { historySteps });
    return subpaths(all(svg, 'known').find(({ attributes }) => attributes.d.includes('L'))!)[0].length;
  };
  assert.equal(steps(1), 60);
  assert.equal(steps(12), 96);
  assert.equal(steps(100), 500);
  assert.equal(steps(0), 500);
  assert.equal(steps(12, 30), 30);
});

test('a long line is thinned and keeps its peaks', () => {
  const y = Float64Array.from({ length: 50_000 }, (_, t) => t % 100);
  y[31_234] = 5000;
  const svg = draw([panel({ history: { time: range(50_000), y }, forecast: { time: [], median: [], bands: [] } })]);
  const [points] = subpaths(all(svg, 'dense')[0]);
  assert.ok(points.length < 4000, `${points.length}`);
  const { value } = axes(svg);
  assert.ok(Math.abs(Math.max(...points.map(([, y]) => value(y))) - 5000) < 10);
});

test('small multiples: twelve at most, named, and the rest is counted', () => {
  const panels = range(15).map((i) => panel({ id: `shop ${i}` }));
  const svg = draw(panels);
  const titles = all(svg, 'panel-title').map(({ text }) => text);
  assert.deepEqual(
    titles,
    range(12).map((i) => `shop ${i}`),
  );
  assert.match(allText(svg), /Each panel has its own scale\. 3 more series are not shown\./);
  assert.match(allText(draw(panels.slice(0, 13))), /1 more series is not shown/);
  assert.doesNotMatch(allText(draw(panels.slice(0, 12))), /not shown/);
  const columns = (count: number, width?: number) => {
    const nodes = all(draw(panels.slice(0, count), width === undefined ? {} : { width }), 'panel-title');
    return new Set(nodes.map(({ attributes }) => attributes.x)).size;
  };
  assert.deepEqual(
    [2, 3, 4, 5, 12].map((count) => columns(count)),
    [2, 3, 2, 3, 3],
  );
  assert.equal(columns(6, 300), 1, 'a narrow picture has one column');
});

test('a picture for everyone: role, title, description, dark mode, sizes as asked', () => {
  const svg = draw([panel()], { model: 'lstm', width: 700, height: 300 });
  assert.equal(svg.attributes.role, 'img');
  assert.deepEqual(
    [svg.attributes.width, svg.attributes.height, svg.attributes.viewBox],
    ['700', '300', '0 0 700 300'],
  );
  assert.deepEqual(
    svg.children.slice(0, 3).map(({ name }) => name),
    ['title', 'desc', 'style'],
  );
  assert.equal(svg.children[0].text, 'Sales');
  assert.match(
    svg.children[1].text,
    /forecast by lstm\. shop: 40 observed steps, 5 forecast, with 80 % and 95 % intervals\./,
  );
  assert.match(svg.children[2].text, /@media \(prefers-color-scheme:dark\)/);
  assert.equal(draw([panel()]).attributes.viewBox, '0 0 960 480');
});

test('actual values are a line of their own with rings', () => {
  const svg = draw([panel({ actual: { time: range(5, 41), y: [29, 30, Number.NaN, 35, 60] } })]);
  const line = all(svg, 'actual').filter(({ attributes }) => !attributes.d.includes('h'));
  assert.deepEqual(
    subpaths(line[0]).map((part) => part.length),
    [2, 2],
  );
  assert.equal(all(svg, 'ring').length, 4 + 1, 'and one in the legend');
  assert.match(allText(all(svg, 'legend')[0]), /actual/);
});

test('the same picture has the same bytes, and numbers of two decimals at most', () => {
  const picture = { title: 'Sales', timeKind: 'date', panels: [panel(), panel({ id: 'b' })] } as const;
  assert.equal(forecastPlot(picture), forecastPlot(structuredClone(picture)));
  assert.doesNotMatch(forecastPlot(picture).replace(/<style>.*<\/style>/, ''), /\d\.\d{3}/);
});

test('no clash of labels: the second line of time labels gives way', () => {
  const start = Date.UTC(2023, 11, 31, 12);
  const hours = { time: range(13).map((i) => start + i * 3_600_000), y: range(13) };
  const svg = draw([panel({ history: hours, forecast: { time: [], median: [], bands: [] } })], {
    timeKind: 'datetime',
    width: 420,
  });
  const contexts = all(svg, 'time-axis')[0].children.filter(({ text }) => / (Dec|Jan)/.test(text));
  const spans = contexts.map(({ text, attributes }) => [
    Number(attributes.x) - text.length * 3,
    Number(attributes.x) + text.length * 3,
  ]);
  assert.ok(contexts.length >= 1);
  assert.ok(spans.every(([left], i) => i === 0 || left >= spans[i - 1][1]));
});
