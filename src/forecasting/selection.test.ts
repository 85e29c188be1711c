import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../random.js';
import { BASELINES, type BaselineName } from './baselines/index.js';
import { blendWeights, stackedShares, towards } from './blend.js';
import type { ForecastContext } from './components.js';
import { compareLosses } from './diebold-mariano.js';
import { InlineRunner } from './inline-runner.test.support.js';
import { coverage, mae, mase, pinball, rmse, smape } from './metrics.js';
import { blendQuantiles, gaussianQuantiles, quantileLevels } from './quantiles.js';
import { candidateComponents, meanErrors, select, type ValidationCut, weighViews } from './selection.js';

const LEVELS = [80, 95];
const HORIZON = 4;
const SEASON = 4;
const NO_EXTRA = new Float32Array(0);
const CONTEXT: ForecastContext = {
  horizon: HORIZON,
  season: SEASON,
  levels: quantileLevels(LEVELS),
  ensemble: null,
  runner: new InlineRunner(),
};

/** Cuts of some series at two origins each; the last value of every future is missing. */
function cutsOf(series: readonly Float64Array[]): ValidationCut[] {
  return series.flatMap((y, index) =>
    [y.length - HORIZON - 2, y.length - HORIZON].map((length, origin) => {
      const future = y.slice(length, length + HORIZON);
      future[HORIZON - 1] = Number.NaN;
      const history = y.slice(0, length);
      return { series: index, origin, y: history, original: history, extra: NO_EXTRA, future, actual: future };
    }),
  );
}

/** Seasonal about -50, so that nothing is cut at zero; one trend, one noise. */
function threeSeries(): Float64Array[] {
  const random = new Random('selection');
  return [0, 1, 2].map((s) =>
    Float64Array.from({ length: 30 + s }, (_, t) => -50 + s * t + 10 * [1, 0, -1, 0][t % 4] + 3 * random.normal()),
  );
}

/** Forecast of a baseline as quantiles, by the parts that are tested on their own. */
const quantilesOf = (name: BaselineName, history: Float64Array) =>
  gaussianQuantiles(BASELINES[name](history, HORIZON, SEASON), CONTEXT.levels);

const mean = (values: number[]) => values.reduce((sum, value) => sum + value / values.length, 0);
function close(actual: number, expected: number, what: string): void {
  assert.ok(
    Math.abs(actual - expected) <= 1e-12 * Math.max(1, Math.abs(expected)),
    `${what}: ${actual}, not ${expected}`,
  );
}

test('every component is scored on the same origins by the published measures', async () => {
  const cuts = cutsOf(threeSeries());
  const components = ['seasonal-naive', 'theta', 'drift', 'naive'] as const;
  const { scores } = await select('auto', components, 2, cuts, 3, LEVELS, CONTEXT);
  assert.deepEqual([...scores.keys()], ['auto', ...components]);
  for (const name of components) {
    const rows = cuts.map(({ y: history, future }) => {
      const quantiles = quantilesOf(name, history);
      return {
        smape: smape(future, quantiles[2]),
        mase: mase(future, quantiles[2], history, SEASON),
        rmse: rmse(future, quantiles[2]),
        pinball: mean(CONTEXT.levels.map((level, q) => pinball(future, quantiles[q], level))),
      };
    });
    for (const measure of ['smape', 'mase', 'rmse', 'pinball'] as const)
      close(scores.get(name)![measure], mean(rows.map((row) => row[measure])), `${measure} of ${name}`);
  }
});

test('weights are those of the mean absolute errors over the origins of each series', async () => {
  const cuts = cutsOf(threeSeries());
  const names = ['seasonal-naive', 'theta', 'naive'] as const;
  const { weights } = await select('auto', names, 3, cuts, 4, LEVELS, CONTEXT);
  const errors = [0, 1, 2].map((s) =>
    names.map((name) =>
      mean(
        cuts
          .filter(({ series }) => series === s)
          .map(({ y: history, future }) => mae(future, quantilesOf(name, history)[2])),
      ),
    ),
  );
  const shares = stackedShares(
    cuts.map(({ y, actual }) => ({ forecasts: names.map((name) => quantilesOf(name, y)[2]), actual })),
    3,
  );
  const expected = towards(blendWeights([...errors, [1, 1, 1]], [6, 6, 6, 0], 3), shares, 3);
  expected.perSeries.forEach((row, s) => {
    row.forEach((weight, m) => {
      close(weights.perSeries[s][m], weight, `series ${s}`);
    });
  });
  assert.deepEqual(weights.perSeries[3], weights.pooled, 'a series without origins');
});

test('the model is scored with weights that have not seen the origin', async () => {
  const cuts = cutsOf(threeSeries());
  const names = ['seasonal-naive', 'naive'] as const;
  const { scores } = await select('auto', names, 2, cuts, 3, LEVELS, CONTEXT);
  const own = cuts.map(({ series, origin, future, y: history }) => {
    const others = [0, 1, 2].map((s) => cuts.find((other) => other.series === s && other.origin !== origin)!);
    const forecasts = others.map((cut) => names.map((name) => quantilesOf(name, cut.y)[2]));
    const errors = others.map((cut, s) => forecasts[s].map((forecast) => mae(cut.future, forecast)));
    const shares = stackedShares(
      others.map((cut, s) => ({ forecasts: forecasts[s], actual: cut.actual })),
      2,
    );
    const weights = towards(blendWeights(errors, [3, 3, 3], 2), shares, 3).perSeries[series];
    const blended = blendQuantiles(
      names.map((name) => quantilesOf(name, history)),
      weights,
    );
    return rmse(future, blended[2]);
  });
  close(scores.get('auto')!.rmse, mean(own), 'rmse');
});

test('what happens at an origin does not touch its own weights: poison there shows in the score only', async () => {
  const series = threeSeries();
  const clean = cutsOf(series);
  const poisoned = clean.map((cut) =>
    cut.origin === 1 ? { ...cut, actual: cut.actual.map((value) => value + 1e6) } : cut,
  );
  const run = (cuts: ValidationCut[]) => select('auto', ['seasonal-naive', 'naive'], 2, cuts, 3, LEVELS, CONTEXT);
  const [a, b] = [await run(clean), await run(poisoned)];
  // Each forecast of origin 1 is the same, so each squared error is known from the clean one up to the shift.
  const worst = b.scores.get('auto')!.rmse;
  assert.ok(Math.abs(worst - 1e6 / 2) < 100, `${worst}`);
  assert.notDeepEqual(a.weights, b.weights);
});

test('calibrated intervals and their coverage', async () => {
  const cuts = cutsOf(threeSeries());
  const { calibration, coverage: shares } = await select('naive', ['naive'], 1, cuts, 3, LEVELS, CONTEXT);
  assert.equal(calibration.points, 3 * 2 * 3, 'values that were not observed are no errors');
  assert.equal(shares.length, 2);
  const raw = LEVELS.map((_, i) =>
    mean(
      cuts.map(({ y: history, future }) => {
        const quantiles = quantilesOf('naive', history);
        return coverage(future, quantiles[1 - i], quantiles[3 + i]);
      }),
    ),
  );
  // Few errors only widen: coverage is at least that of the raw intervals, by ascending level.
  shares.forEach((share, i) => {
    assert.ok(share >= raw[i] && share <= 1, `${share}, raw ${raw[i]}`);
  });
  assert.ok(shares[1] >= shares[0]);
});

test('without cuts nothing is scored and all weigh the same', async () => {
  const { scores, weights, calibration } = await select('auto', ['naive', 'theta'], 2, [], 2, LEVELS, CONTEXT);
  assert.equal(scores.size, 0);
  assert.deepEqual(weights.perSeries, [Float64Array.of(0.5, 0.5), Float64Array.of(0.5, 0.5)]);
  assert.deepEqual(calibration, { factors: [[1], [1]], points: 0 });
});

test('auto is blended from methods that fit the season, and every method is scored once', () => {
  for (const season of [1, 12]) {
    const { blended, reference } = candidateComponents(season);
    const all = [...blended, ...reference];
    assert.equal(new Set(all).size, all.length);
    assert.ok(blended.includes('lstm') && blended.includes('theta'));
    assert.ok(all.includes('naive'));
  }
  assert.ok(candidateComponents(12).blended.includes('seasonal-naive'));
  assert.ok(!candidateComponents(1).blended.includes('seasonal-naive'), 'the same as naive there');
});

test('scores are in the units of the series: what was taken off is put back, and measured by the history as it was', async () => {
  // The effect of step t is 3·t − 40: the models see what is left, the scores must not.
  const effect = (t: number) => 3 * t - 40;
  const explained = cutsOf(threeSeries()).map((cut): ValidationCut => {
    const n = cut.y.length;
    return {
      ...cut,
      y: cut.y.map((value, t) => value - effect(t)),
      future: cut.future.map((value, k) => value - effect(n + k)),
      restore: (value, step) => value + effect(n + step),
    };
  });
  const { scores } = await select('auto', ['theta', 'naive'], 2, explained, 3, LEVELS, CONTEXT);
  for (const name of ['theta', 'naive'] as const) {
    const rows = explained.map(({ y, actual, original }) => {
      const median = quantilesOf(name, y)[2].map((value, k) => value + effect(y.length + k));
      return { smape: smape(actual, median), mase: mase(actual, median, original, SEASON), rmse: rmse(actual, median) };
    });
    for (const measure of ['smape', 'mase', 'rmse'] as const)
      close(scores.get(name)![measure], mean(rows.map((row) => row[measure])), `${measure} of ${name}`);
  }
});

test('the model is tested against the naive forecast of the data, over steps or over many series', async () => {
  const names = ['theta', 'seasonal-naive'] as const;
  for (const count of [3, 12]) {
    const random = new Random(`tested ${count}`);
    const series = Array.from({ length: count }, (_, s) =>
      Float64Array.from({ length: 40 }, (_, t) => 3 * s + 10 * [1, 0, -1, 0][t % 4] + 3 * random.normal() - 50),
    );
    const cuts = cutsOf(series);
    const { test: result } = await select('theta', names, 1, cuts, count, LEVELS, CONTEXT);
    // Errors in units of how far each history moves from season to season.
    const errors = (name: BaselineName) =>
      cuts.map(({ y, actual }) => {
        let scale = 0;
        for (let t = SEASON; t < y.length; t++) scale += Math.abs(y[t] - y[t - SEASON]) / (y.length - SEASON);
        const median = quantilesOf(name, y)[2];
        return [...actual].map((value, k) => Math.abs(value - median[k]) / scale);
      });
    const perCut = (rows: readonly number[][]) => rows.map((row) => mean(row.filter((value) => !Number.isNaN(value))));
    // Of a few series the errors are averaged at each step of each origin.
    const perStep = (rows: readonly number[][]) =>
      [0, 1].flatMap((origin) =>
        [0, 1, 2, 3].map((k) => mean(rows.filter((_, i) => cuts[i].origin === origin).map((row) => row[k]))),
      );
    const expected =
      count < 10
        ? compareLosses(perStep(errors('theta')), perStep(errors('seasonal-naive')), { horizon: HORIZON })
        : compareLosses(perCut(errors('theta')), perCut(errors('seasonal-naive')), {
            groups: cuts.map(({ series: s }) => s),
          });
    close(result!.statistic, expected.statistic, `${count} series`);
    close(result!.p, expected.p, `${count} series`);
    assert.equal(result!.n, expected.n);
  }
  assert.equal((await select('theta', names, 1, [], 3, LEVELS, CONTEXT)).test, null);
});

test('the mean error of some methods is the mean of their MASE', async () => {
  const cuts = cutsOf(threeSeries());
  const names = ['seasonal-naive', 'theta', 'naive'] as const;
  const { scores } = await select('auto', names, 3, cuts, 3, LEVELS, CONTEXT);
  close(await meanErrors(names, cuts, CONTEXT), mean(names.map((name) => scores.get(name)!.mase)), 'three methods');
  close(await meanErrors(['naive'], cuts, CONTEXT), scores.get('naive')!.mase, 'one');
});

test('views: shares sum to 1, the better view has more, one that hardly counts has none, alone it has all', () => {
  const cuts = Array.from({ length: 60 }, () => cutsOf(threeSeries())).flat();
  /** Forecasts that miss by `size`, up or down. */
  const missing = (size: number) =>
    cuts.map(({ actual }) => CONTEXT.levels.map(() => actual.map((value) => (Number.isNaN(value) ? 0 : value + size))));
  const weigh = (...sizes: number[]) => weighViews(sizes.map(missing), cuts);
  // Of 1 and −1.5 the mean with shares .6 and .4 does not miss at all.
  const [good, bad] = weigh(1, -1.5);
  assert.ok(Math.abs(good - 0.6) < 0.05, `${good}`);
  close(good + bad, 1, 'sum');
  weigh(1, 1).forEach((share) => {
    close(share, 0.5, 'twins');
  });
  assert.deepEqual(weigh(1, 100), [1, 0]);
  assert.deepEqual(weigh(3), [1]);
  // Many equal views: each is below the least share, and none may be lost.
  weigh(...new Array<number>(12).fill(2)).forEach((share) => {
    close(share, 1 / 12, 'one of twelve');
  });
  // Few cuts say little.
  const [few] = weighViews([missing(1), missing(100)], cuts.slice(0, 2));
  assert.ok(few > 0.5 && few < 0.7, `${few}`);
  assert.deepEqual(weighViews([[], [], []], []), [1 / 3, 1 / 3, 1 / 3]);
});

test('with one origin: every other of many series is left out; of a few series the weights are scored where they were found', async () => {
  const random = new Random('one origin');
  const twelve = Array.from({ length: 12 }, () =>
    Float64Array.from({ length: 30 }, (_, t) => 100 + (t % 4) * 5 + 3 * random.normal()),
  );
  const components = ['seasonal-naive', 'naive'] as const;
  const only = (series: readonly Float64Array[]) => cutsOf(series).filter(({ origin }) => origin === 0);
  const scored = async (cuts: readonly ValidationCut[], series: number) =>
    select('auto', components, 2, cuts, series, LEVELS, CONTEXT);

  // What comes in the even series changes the weights that the odd ones are scored with, and not those of their own.
  const cuts = only(twelve);
  const { crossFitted, scores } = await scored(cuts, 12);
  assert.equal(crossFitted, true);
  const weightsWithout = async (side: number) =>
    (
      await scored(
        cuts.filter(({ series }) => series % 2 !== side),
        12,
      )
    ).weights;
  const [withoutEven, withoutOdd] = [await weightsWithout(0), await weightsWithout(1)];
  const own = cuts.map(({ y, series, actual }) => {
    const parts = components.map((name) => quantilesOf(name, y));
    const weights = (series % 2 === 0 ? withoutEven : withoutOdd).perSeries[series];
    return smape(actual, blendQuantiles(parts, weights)[2]);
  });
  close(scores.get('auto')!.smape, mean(own), 'sMAPE of auto');

  const few = only(twelve.slice(0, 3));
  const alone = await scored(few, 3);
  assert.equal(alone.crossFitted, false);
  const blended = few.map(({ y, series, actual }) => {
    const parts = components.map((name) => quantilesOf(name, y));
    return smape(actual, blendQuantiles(parts, alone.weights.perSeries[series])[2]);
  });
  close(alone.scores.get('auto')!.smape, mean(blended), 'sMAPE of auto over a few series');
});
