/**
 * The ratios as a picture: for each case and peer a bar from 1 (as fast as Tidegate) to the peer's time over Tidegate's, on a
 * logarithmic scale. Each side runs with the number of threads that suits it best. Dark bars to the right are peers
 * that take longer, pale bars to the left peers that take less; every bar carries its number.
 */
import { scaleLog } from 'd3-scale';
import { element, text } from '../dist/plots/svg.js';
import { ROOT_CLASS, styleSheet } from '../dist/plots/theme.js';
import { KINDS } from './cases.mjs';
import { formatRatio, shapeName } from './format.mjs';

const WIDTH = 880;
/** Where the columns begin: shapes, peers, bars. */
const X = { shape: 20, peer: 216, bars: 330, end: WIDTH - 60 };
const BAR = 13;
const HEAD = 92;

export function picture({ machine, results }) {
  const groups = Object.keys(KINDS)
    .map((kind) => ({ kind, bars: results.filter(({ shape }) => shape.kind === kind).flatMap(barsOf) }))
    .filter(({ bars }) => bars.length > 0);
  const ratios = groups.flatMap(({ bars }) => bars.map(({ ratio }) => ratio));
  const domain = [Math.min(0.5, ...ratios), Math.max(10, ...ratios)];
  const x = scaleLog(domain, [X.bars, X.end]);
  let y = HEAD;
  const drawn = groups.map(({ kind, bars }) => {
    const [svg, height] = group(kind, bars, x, y);
    y += height;
    return svg;
  });
  return page(y + 16, [title(machine), axis(x, y), ...drawn]);
}

/** One bar for each peer, best number of threads against best. */
function barsOf({ shape, entries }) {
  const timed = entries.filter(({ median }) => median !== undefined);
  const best = (of) => Math.min(...timed.filter(of).map(({ median }) => median));
  const ours = best(({ name }) => name === 'Tidegate');
  const peers = [...new Set(timed.filter((entry) => !entry.ours).map(({ name }) => name))];
  if (!Number.isFinite(ours)) return [];
  return peers.map((peer, k) => ({
    shape: k === 0 ? shapeName(shape) : '',
    peer,
    ratio: best(({ name }) => name === peer) / ours,
  }));
}

function group(kind, bars, x, top) {
  const rows = [text('panel-title', X.shape, top + 10, KINDS[kind])];
  let y = top + 18;
  for (const { shape, peer, ratio } of bars) {
    if (shape !== '' && y > top + 18) y += 5;
    const [from, to] = [Math.min(x(1), x(ratio)), Math.max(x(1), x(ratio))];
    rows.push(
      text('tick', X.shape, y + BAR - 3, shape),
      text('tick muted', X.peer, y + BAR - 3, peer),
      element('rect', { ...fill(ratio), x: from, y: y + 1, width: to - from, height: BAR - 3 }),
      text('tick', to + 5, y + BAR - 3, formatRatio(ratio)),
    );
    y += BAR;
  }
  return [element('g', {}, ...rows), y - top + 20];
}

const fill = (ratio) => (ratio >= 1 ? { class: 'end' } : { class: 'band', style: 'fill-opacity:.5' });

const title = ({ cpu, cores, node, date }) =>
  text('title', X.shape, 30, 'How much longer the peers take than Tidegate') +
  text(
    'subtitle muted',
    X.shape,
    50,
    `${cpu}, ${cores} cores, Node ${node}, ${date}; each with its best number of threads`,
  ) +
  text('subtitle muted', X.shape, 68, 'LSTM, GRU, RNN: series, steps, inputs, hidden units. Logarithmic scale.');

function axis(x, bottom) {
  const lines = x.ticks(5).filter((value) => [1, 2, 5].includes(value / 10 ** Math.floor(Math.log10(value) + 1e-9)));
  return lines
    .map(
      (value) =>
        element('line', {
          class: value === 1 ? 'zero' : 'grid',
          x1: x(value),
          x2: x(value),
          y1: HEAD,
          y2: bottom - 10,
        }) + text('tick muted', x(value), HEAD - 6, `${value}×`, 'middle'),
    )
    .join('');
}

function page(height, parts) {
  return `${element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', class: ROOT_CLASS, viewBox: `0 0 ${WIDTH} ${height}`, width: WIDTH, height },
    element('style', {}, styleSheet()),
    element('rect', { class: 'ground', width: WIDTH, height }),
    ...parts,
  )}\n`;
}
