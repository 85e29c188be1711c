/**
 * The protocol of the long-horizon papers: fitted once, moved on by what is observed, forecast from every origin of the
 * evaluation part (or every `stride`-th), squared and absolute errors of z-scores, over all windows, steps and channels.
 */
import { Forecaster, readSeries } from '../../dist/index.js';
import { parseTable, readText, toText, valuesOf } from './data.mjs';
import { seasonalNaive } from './naive2.mjs';
import { LEVELS } from './score.mjs';

export async function evaluateRolling(set, { data, inside, stride, model, forecaster: given }) {
  const train = parseTable(readText(data, set.name, 'train'), `${set.name}/train`);
  const rows = [...train.series.values()][0].length;
  const firstOrigin = inside ? set.rolling.insideFrom : rows;
  const all = inside ? train : joined(train, parseTable(readText(data, set.name, 'test'), `${set.name}/test`));
  const values = [...all.series.values()].map(valuesOf);
  const scales = values.map((y) => scaleOf(y.subarray(0, set.rolling.scaleRows)));
  const frame = await readSeries(toText(all), { source: set.name, ...(set.season && { season: set.season }) });

  const began = performance.now();
  const forecaster = new Forecaster({ horizon: set.horizon, levels: LEVELS, model, ...given });
  const report = await forecaster.fit(endingAt(frame, firstOrigin));
  const fitted = performance.now();
  const own = new Errors();
  const naive = new Errors();
  const inside80 = new Share();
  const inside95 = new Share();
  let origins = 0;
  for (let origin = firstOrigin; origin + set.horizon <= values[0].length; origin += stride) {
    // The networks take a step for each new row; nothing is trained again.
    if (origins > 0) await forecaster.update(between(frame, origin - stride, origin));
    const forecast = await forecaster.predict();
    values.forEach((y, channel) => {
      const actual = y.subarray(origin, origin + set.horizon);
      own.add(actual, forecast.valuesOf(model, channel), scales[channel]);
      naive.add(actual, seasonalNaive(y.subarray(0, origin), set.horizon, set.metricSeason), scales[channel]);
      const bounds = (level) => ['lo', 'hi'].map((side) => forecast.valuesOf(`${model}-${side}-${level}`, channel));
      inside80.add(actual, bounds(80));
      inside95.add(actual, bounds(95));
    });
    origins++;
  }
  return {
    series: values.length,
    horizon: set.horizon,
    season: report.data.season,
    scores: { ...own.means(), coverage80: inside80.value(), coverage95: inside95.value(), points: own.count },
    seasonalNaive: naive.means(),
    origins,
    stride,
    seconds: { fit: (fitted - began) / 1000, predict: (performance.now() - fitted) / 1000 },
    verdict: report.verdict,
  };
}

/** A frame whose series end before position `end`: nothing after it is there to be seen. */
const endingAt = (frame, end) => ({
  ...frame,
  series: frame.series.map((series) => ({ ...series, y: series.y.slice(0, end) })),
});

/** The rows from `begin` to `end`; what is known already is without a value. */
const between = (frame, begin, end) => ({
  ...frame,
  series: frame.series.map((series) => ({ ...series, y: series.y.slice(0, end).fill(Number.NaN, 0, begin) })),
});

const joined = (a, b) => ({
  columns: a.columns,
  series: new Map([...a.series].map(([id, rows]) => [id, [...rows, ...b.series.get(id)]])),
});

/** Mean and standard deviation (of the population). */
function scaleOf(y) {
  const mean = y.reduce((sum, value) => sum + value / y.length, 0);
  return { mean, deviation: Math.sqrt(y.reduce((sum, value) => sum + (value - mean) ** 2 / y.length, 0)) };
}

class Errors {
  squared = 0;
  absolute = 0;
  count = 0;

  add(actual, forecast, { deviation }) {
    for (let k = 0; k < actual.length; k++) {
      const error = (forecast[k] - actual[k]) / deviation;
      this.squared += error * error;
      this.absolute += Math.abs(error);
    }
    this.count += actual.length;
  }

  means() {
    return { mse: this.squared / this.count, mae: this.absolute / this.count };
  }
}

class Share {
  inside = 0;
  count = 0;

  add(actual, [lo, hi]) {
    actual.forEach((value, k) => {
      this.inside += value >= lo[k] && value <= hi[k] ? 1 : 0;
    });
    this.count += actual.length;
  }

  value() {
    return this.inside / this.count;
  }
}
