/**
 * One model on one set, as plain data. As a program: `node evaluate.mjs '{"set":"cif2016","model":"auto","data":"…"}'`
 * prints the result as JSON, with the peak memory of the whole process.
 */
import { pathToFileURL } from 'node:url';
import { Forecaster, MODEL_NAMES, metrics, readSeries } from '../../dist/index.js';
import { naive2, seasonalNaive } from './naive2.mjs';
import { evaluateRolling } from './rolling.mjs';
import { LEVELS, pointScores, scoreModel } from './score.mjs';
import { SETS } from './sets.mjs';
import { problemsOf } from './split.mjs';

/**
 * @param options { set: name, model, data: folder, inside = false, back = 0, stride = 23, season: number | 'auto',
 *   forecaster: more options of Forecaster such as { seed, budget, threads } }
 * @returns { set, model, skipped } or { set, model, series, horizon, season, scores, naive2, seasonalNaive, seconds, verdict, detail }
 */
export async function evaluate({ set: name, model, ...options }) {
  const found = SETS.find((one) => one.name === name);
  const { inside = false, back = 0, stride = 23, season, forecaster = {}, data } = options;
  const set = { ...found, ...(season !== undefined && { season: season === 'auto' ? undefined : season }) };
  const skip = (skipped) => ({ set: name, model, skipped });
  if (!MODEL_NAMES.includes(model)) return skip(`there is no model "${model}"`);
  if (set.rolling) {
    const result = await evaluateRolling(set, { data, inside, stride, model, forecaster });
    return { set: name, model, inside, ...result };
  }
  const outcomes = [];
  for (const problem of problemsOf(set, { data, inside, back })) {
    const outcome = await solve(problem, model, forecaster);
    if (outcome === null) return skip('covariates are not read yet');
    outcomes.push(outcome);
  }
  return { set: name, model, inside, ...together(outcomes, model) };
}

/** One call of the tool: { problem, entries, report, seconds }; null if it has no covariates to take. */
async function solve(problem, model, given) {
  const { text, horizon, season, future } = problem;
  const options = { source: problem.name, ...(season && { season }), ...(future.length > 0 && { future }) };
  const began = performance.now();
  const frame = await readSeries(text, options);
  if (future.length > 0 && frame.covariates?.future?.length !== future.length) return null;
  const read = performance.now();
  const forecaster = new Forecaster({ horizon, levels: LEVELS, model, ...given });
  const report = await forecaster.fit(frame);
  const fitted = performance.now();
  const forecast = await forecaster.predict();
  const seconds = {
    read: (read - began) / 1000,
    fit: (fitted - read) / 1000,
    predict: (performance.now() - fitted) / 1000,
  };
  return { problem, entries: pair(problem, forecast), report, seconds };
}

/**
 * The forecasts beside what came true, by their stamps. A series with gaps in time may lose a step or two at the end;
 * a forecast of other times than those of the test part is refused.
 */
function pair({ name, histories, actuals, metricSeason: m }, forecast) {
  const { horizon } = forecast;
  return forecast.histories.flatMap(({ id }, s) => {
    const rows = actuals.get(id);
    if (!rows) return [];
    const stepOf = new Map(Array.from({ length: horizon }, (_, k) => [forecast.stamp(s * horizon + k), k]));
    const paired = rows.filter(([ds]) => stepOf.has(ds));
    if (paired.length < 0.98 * rows.length)
      throw new Error(
        `${name}, ${id}: the forecast begins at ${forecast.stamp(s * horizon)}, the test part at ${rows[0][0]}`,
      );
    const steps = paired.map(([ds]) => stepOf.get(ds));
    const y = Float64Array.from(paired, ([, value]) => Number(value));
    const column = (of) => {
      const values = forecast.valuesOf(of, s);
      return Float64Array.from(steps, (k) => values[k]);
    };
    return [{ id, y, m, history: histories.get(id), column }];
  });
}

function together(outcomes, model) {
  const entries = outcomes.flatMap((outcome) => outcome.entries);
  const [{ problem, report }] = outcomes;
  const sum = (part) => outcomes.reduce((total, { seconds }) => total + seconds[part], 0);
  const withForecast = (forecastOf) =>
    pointScores(entries.map((entry) => ({ ...entry, forecast: forecastOf(entry.history, entry.y.length, entry.m) })));
  const second = withForecast(naive2);
  const scores = scoreModel(model, entries);
  return {
    series: entries.length,
    horizon: outcomes.length === 1 ? problem.horizon : null,
    metricSeason: outcomes.length === 1 ? problem.metricSeason : null,
    season: outcomes.length === 1 ? report.data.season : null,
    seasonSource: outcomes.length === 1 ? report.data.seasonSource : null,
    scores: { ...scores, owa: metrics.owa(scores, second) },
    naive2: second,
    seasonalNaive: withForecast(seasonalNaive),
    seconds: { read: sum('read'), fit: sum('fit'), predict: sum('predict') },
    verdict: outcomes.length === 1 ? report.verdict : null,
    detail:
      outcomes.length === 1
        ? null
        : outcomes.map((outcome) => ({
            name: outcome.problem.name,
            horizon: outcome.problem.horizon,
            metricSeason: outcome.problem.metricSeason,
            season: outcome.report.data.season,
            scores: scoreModel(model, outcome.entries),
            seasonalNaive: pointScores(
              outcome.entries.map((entry) => ({
                ...entry,
                forecast: seasonalNaive(entry.history, entry.y.length, entry.m),
              })),
            ),
            verdict: outcome.report.verdict,
          })),
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const result = await evaluate(JSON.parse(process.argv[2]));
  const peakMiB = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(`${JSON.stringify({ ...result, peakMiB })}\n`);
}
