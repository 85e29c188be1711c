import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../random.js';
import { BASELINES, type BaselineName } from './baselines/index.js';
import { blendWeights } from './blend.js';
import type { ForecastContext } from './components.js';
import { InlineRunner } from './inline-runner.test.support.js';
import { coverage, mae, mase, pinball, rmse, smape } from './metrics.js';
import { blendQuantiles, gaussianQuantiles, quantileLevels } from './quantiles.js';
import { candidateComponents, select, type ValidationCut } from './selection.js';

const LEVELS = [80, 95];
const HORIZON = 4;
const SEASON = 4;
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
      return { series: index, origin, history: y.slice(0, length), future };
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
    const rows = cuts.map(({ history, future }) => {
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
          .map(({ history, future }) => mae(future, quantilesOf(name, history)[2])),
      ),
    ),
  );
  const expected = blendWeights([...errors, [1, 1, 1]], [2, 2, 2, 0], 3);
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
  const own = cuts.map(({ series, origin, future, history }) => {
    const others = [0, 1, 2].map((s) => {
      const cut = cuts.find((other) => other.series === s && other.origin !== origin)!;
      return names.map((name) => mae(cut.future, quantilesOf(name, cut.history)[2]));
    });
    const weights = blendWeights(others, [1, 1, 1], 2).perSeries[series];
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
    cut.origin === 1 ? { ...cut, future: cut.future.map((value) => value + 1e6) } : cut,
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
      cuts.map(({ history, future }) => {
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
  assert.deepEqual(calibration, { factors: [1, 1], points: 0 });
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
