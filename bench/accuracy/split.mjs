/**
 * What is forecast from what. A problem is one call of the tool: { name, text, horizon, metricSeason, histories, actuals }
 * with `text` the table that the tool reads and the other two Maps from id to values and to rows of the test part.
 * Inside the training part (`inside`) the test file is never opened: the last horizon of each series is held out instead,
 * or with `back` = k the one k horizons before.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseTable, readText, toText, valuesOf } from './data.mjs';

export function problemsOf(set, { data, inside = false, back = 0 }) {
  const folder = set.folder ?? set.name;
  const train = parseTable(readText(data, folder, 'train'), `${folder}/train`);
  const test = inside ? null : parseTable(readText(data, folder, 'test'), `${folder}/test`);
  if (!set.perSeries) return [problemOf(set.name, set, train, test, back)];
  const { series } = JSON.parse(readFileSync(join(data, folder, 'meta.json'), 'utf8'));
  return Object.entries(series).map(([id, { horizon, m }]) =>
    problemOf(id, { horizon, metricSeason: m }, only(train, id), test && only(test, id), back),
  );
}

function problemOf(name, set, train, test, back) {
  const { horizon, metricSeason, future = [] } = set;
  const known = new Map();
  const actuals = new Map();
  for (const [id, rows] of train.series) {
    const steps = set.shorter?.ids.includes(id) ? set.shorter.steps : horizon;
    const end = test ? rows.length : rows.length - (back + 1) * steps;
    // A series too short to hold anything back is learnt from, not scored.
    known.set(id, test || end >= 2 ? rows.slice(0, end) : rows);
    const actual = test ? test.series.get(id) : end >= 2 ? rows.slice(end, end + steps) : [];
    if (actual.length > 0) actuals.set(id, actual);
  }
  const columns = ['unique_id', 'ds', 'y', ...future];
  const picks = columns.slice(1).map((column) => train.columns.indexOf(column) - 1);
  const series = new Map();
  for (const [id, rows] of known) {
    // What is known ahead stands in the same table after the last value.
    const ahead = future.length > 0 ? actuals.get(id).map(([ds, , ...covariates]) => [ds, '', ...covariates]) : [];
    series.set(
      id,
      [...rows, ...ahead].map((row) => picks.map((pick) => row[pick])),
    );
  }
  return {
    name,
    text: toText({ columns, series }),
    horizon,
    metricSeason,
    season: set.season,
    future,
    histories: new Map([...known].map(([id, rows]) => [id, valuesOf(rows)])),
    actuals,
  };
}

const only = ({ columns, series }, id) => ({ columns, series: new Map([[id, series.get(id)]]) });
