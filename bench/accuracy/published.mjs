/** What others published or measured for the sets: published.csv of the data folder. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Names that the sets have in published.csv for long horizons. */
const MULTIVARIATE = 'MSE/MAE by horizon';

export class Published {
  #rows;
  /** Sources in the order in which they were asked for; a footnote is its position here, from 1. */
  sources = [];

  constructor(data) {
    const [header, ...rows] = parse(readFileSync(join(data, 'published.csv'), 'utf8'));
    this.#rows = rows.map((row) => Object.fromEntries(header.map((name, i) => [name, row[i]])));
  }

  /** { method, smape, mase, owa, wql, mse, mae, note } of one bar [method, beginning of the source, measures?]; null if there is none. */
  bar(set, [method, source, measures]) {
    const folder = set.folder ?? set.name;
    const rows = this.#rows.filter(
      (row) =>
        [folder, `${folder} multivariate`].includes(row.dataset) &&
        row.method === method &&
        row.source.startsWith(source),
    );
    if (rows.length === 0) return null;
    const bar = { method: method.replace(/^\d+ | The M4 Team$/g, ''), note: this.#footnote(rows[0]) };
    for (const { metric, value } of rows) {
      if (metric === MULTIVARIATE) {
        const own = value.split(' ').find((part) => part.startsWith(`${set.horizon}:`));
        const [mse, mae] = own.slice(own.indexOf(':') + 1).split('/');
        Object.assign(bar, { mse: Number(mse), mae: Number(mae) });
      } else if (!measures || measures.includes(metric.toLowerCase())) bar[metric.toLowerCase()] = Number(value);
    }
    return bar;
  }

  #footnote({ source, status }) {
    const text = status === 'from memory' ? `${source} (from memory, not looked up)` : source;
    if (!this.sources.includes(text)) this.sources.push(text);
    return this.sources.indexOf(text) + 1;
  }
}

/** CSV with quoted fields. */
function parse(text) {
  return text
    .trimEnd()
    .split(/\r?\n/)
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
        quoted === undefined ? plain : quoted.replaceAll('""', '"'),
      ),
    );
}
