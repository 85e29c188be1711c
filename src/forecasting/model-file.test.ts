import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { TidegateError } from '../errors.js';
import { decodeSafetensors, encodeSafetensors, type SafeTensor } from '../interop/safetensors.js';
import { Random } from '../random.js';
import { readFrame } from '../series/read.js';
import type { FittedState } from './fit.js';
import { GlobalForecaster, type Host } from './forecaster.js';
import { decodeModel, encodeModel, FORMAT_VERSION } from './model-file.js';
import { CELL_NAMES, type ForecasterOptions } from './options.js';
import type { RecurrentPlan } from './recurrent/plan.js';
import { runTask, type TaskRunner } from './tasks.js';

/** Does every task here and now. */
const here: Host = {
  createRunner: () =>
    ({
      run: async (tasks: Parameters<typeof runTask>[0][]) => tasks.map((task) => runTask(task, () => {})),
      close: () => {},
    }) as unknown as TaskRunner,
};

class Restored extends GlobalForecaster {
  constructor(state: FittedState) {
    super(state.settings, here);
    this.restore(state);
  }
}

const restored = (bytes: Uint8Array) => new Restored(decodeModel(bytes, 'm.safetensors'));

async function fitted(csv: string, options: ForecasterOptions): Promise<GlobalForecaster> {
  const forecaster = new GlobalForecaster({ ...options, threads: 3 }, here);
  await forecaster.fit(await readFrame(csv));
  return forecaster;
}

const airline = readFileSync(new URL('../../examples/airline-passengers.csv', import.meta.url), 'utf8');
let forecaster: GlobalForecaster;
let bytes: Uint8Array;
before(async () => {
  forecaster = await fitted(airline, { horizon: 4, levels: [50, 95] });
  bytes = encodeModel(forecaster.state);
});

test('a model that was written and read forecasts the same and is written the same', async () => {
  const same = restored(bytes);
  assert.equal((await same.predict()).toCSV(), (await forecaster.predict()).toCSV());
  const history = await readFrame(airline.split('\n').slice(0, 61).join('\n'));
  assert.equal((await same.predict({ history })).toCSV(), (await forecaster.predict({ history })).toCSV());
  assert.deepEqual(encodeModel(same.state), bytes);
  assert.deepEqual(same.state.report, JSON.parse(JSON.stringify(forecaster.state.report)));
});

/** Two series of days with covariates of every kind; some missing, the future ones known for the horizon. */
function covariateRows(): Record<string, unknown>[] {
  const random = new Random('covariates');
  return ['a', 'b'].flatMap((unique_id, s) =>
    Array.from({ length: 74 }, (_, t) => {
      const price = random.normal();
      const weekday = Number((t + s) % 7 < 5);
      return {
        unique_id,
        ds: new Date(Date.UTC(2024, 0, 1 + t)).toISOString().slice(0, 10),
        y: t < 70 ? 50 + 10 * s + 8 * weekday - 3 * price + random.normal() : null,
        load: t % 11 === 5 || t >= 70 ? null : random.normal(),
        price,
        weekday,
        region: s === 0 ? 'Nord, Süd' : 'Ost',
        size: 10 * (s + 1),
      };
    }),
  );
}
const ROLES = { past: ['load'], future: ['price', 'weekday'], static: ['region', 'size'] };

for (const model of ['auto', ...CELL_NAMES] as const)
  test(`${model} with covariates that was written and read forecasts the same and is written the same`, async () => {
    const whole = new GlobalForecaster({ horizon: 4, model, budget: 0.01 }, here);
    await whole.fit(await readFrame(covariateRows(), ROLES));
    assert.ok(whole.state.explained !== null, 'the regression is in the file');
    const file = encodeModel(whole.state);
    const same = restored(file);
    assert.equal((await same.predict()).toCSV(), (await whole.predict()).toCSV());
    assert.deepEqual(encodeModel(same.state), file);
    assert.deepEqual(same.state.histories, whole.state.histories);
    assert.deepEqual(same.state.explained, whole.state.explained);
    assert.deepEqual(same.state.inputs, whole.state.inputs);
    assert.deepEqual(same.state.ensemble, whole.state.ensemble);
    // A series that the model does not know is forecast alike, too.
    const history = await readFrame(
      covariateRows().map((row) => ({ ...row, unique_id: `${row.unique_id} later` })),
      ROLES,
    );
    assert.equal((await same.predict({ history })).toCSV(), (await whole.predict({ history })).toCSV());
  });

test('ids, gaps, zones and month ends come back as they were', async () => {
  const rows = ['unique_id,ds,y'];
  const ids = ['__proto__', 'constructor', '"a, b"', 'Größe 🌊', '<script>', '\u001b[31m'];
  const ends = ['2023-10-31', '2023-11-30', '2023-12-31', '2024-01-31', '2024-02-29', '2024-03-31', '2024-04-30'];
  ids.forEach((id, s) => {
    ends.slice(s % 2).forEach((day, t) => {
      const y = t === 0 || t === 2 ? '' : `${(t * 7 + s) % 5}.25`;
      rows.push(`"${id.replaceAll('"', '""')}",${day}T06:00+02:00,${y}`);
    });
  });
  const many = await fitted(`${rows.join('\n')}\n`, { horizon: 2, model: 'naive' });
  const same = restored(encodeModel(many.state));
  assert.deepEqual(same.state.histories, many.state.histories);
  assert.deepEqual(
    same.state.histories.slice(0, 2).map(({ offset, y }) => [offset, ...y]),
    [
      [1, 2.25, Number.NaN, 1.25, 3.25, 0.25, 2.25],
      [1, 3.25, Number.NaN, 2.25, 4.25, 1.25],
    ],
  );
  const forecast = await same.predict();
  assert.deepEqual(
    forecast.histories.map(({ id }) => id),
    ids,
  );
  assert.deepEqual([forecast.stamp(0), forecast.stamp(1)], ['2024-05-31T06:00+02:00', '2024-06-30T06:00+02:00']);
  assert.equal(forecast.toCSV(), (await many.predict()).toCSV());
});

test('the bytes are a safetensors file with names and shapes of PyTorch, the recipe as text', () => {
  // Read here by the format's definition, not by our reader.
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const headerBytes = Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerBytes)));
  const { __metadata__: metadata, ...tensors } = header as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  > & { __metadata__: Record<string, string> };
  const recipe = JSON.parse(metadata.tidegate);
  const { views, extraSize, hiddenSize: H, members } = recipe.plan as RecurrentPlan;
  assert.equal(recipe.version, FORMAT_VERSION);
  assert.equal(recipe.settings.threads, undefined, 'threads belong to the machine');
  assert.equal(recipe.views.length, views.length);
  views.forEach(({ inputSteps }, g) => {
    const inputs = inputSteps + extraSize;
    const expected: [string, number[]][] = [
      ['skip.weight', [4, inputs]],
      ['skip.bias', [4]],
    ];
    for (let n = 0; n < members; n++)
      expected.push(
        [`member.${n}.lstm.weight_ih_l0`, [4 * H, inputs]],
        [`member.${n}.lstm.weight_hh_l0`, [4 * H, H]],
        [`member.${n}.lstm.bias_ih_l0`, [4 * H]],
        [`member.${n}.lstm.bias_hh_l0`, [4 * H]],
        [`member.${n}.head.weight`, [4 * 5, H]],
        [`member.${n}.head.bias`, [4 * 5]],
      );
    for (const [name, shape] of expected) {
      assert.deepEqual(tensors[`view.${g}.${name}`].shape, shape, name);
      assert.equal(tensors[`view.${g}.${name}`].dtype, 'F32');
    }
  });
  const [from, to] = tensors['history.y'].data_offsets;
  const values = airline.trim().split('\n').slice(1);
  assert.equal(to - from, 8 * values.length);
  values.forEach((row, t) => {
    assert.equal(view.getFloat64(8 + headerBytes + from + 8 * t, true), Number(row.split(',')[1]));
  });
  assert.equal(
    Math.max(...Object.values(tensors).map((entry) => entry.data_offsets[1])) + 8 + headerBytes,
    bytes.length,
  );
});

type Recipe = Record<string, unknown> & {
  settings: Record<string, unknown>;
  axis: Record<string, unknown>;
  plan: Record<string, unknown> & { views: Record<string, unknown>[] };
  views: Record<string, unknown>[];
  inputs: Record<string, unknown>;
  columns: Record<string, unknown>;
  season: Record<string, unknown>;
  calibration: { factors: number[][] };
  report: Record<string, unknown>;
};

/** The model file with its recipe and tensors changed. */
function altered(change: (recipe: Recipe, tensors: Map<string, SafeTensor>) => void): Uint8Array {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const recipe = JSON.parse(metadata.tidegate);
  change(recipe, tensors);
  return encodeSafetensors(tensors, { ...metadata, tidegate: JSON.stringify(recipe) });
}

const doubles = (...data: number[]): SafeTensor => ({
  dtype: 'F64',
  shape: [data.length],
  data: Float64Array.from(data),
});

/** Changes one value of a tensor in place. */
const poke = (tensors: Map<string, SafeTensor>, name: string, index: number, value: number) => {
  const data = tensors.get(name)!.data as Float64Array;
  data[index < 0 ? data.length + index : index] = value;
};

const DAMAGE: readonly [string, Parameters<typeof altered>[0], RegExp][] = [
  ['version is text', (r) => Object.assign(r, { version: '1' }), /wrong at version/],
  ['no settings', (r) => Object.assign(r, { settings: null }), /wrong at settings/],
  ['horizon of 0', (r) => Object.assign(r.settings, { horizon: 0 }), /wrong at settings.horizon/],
  ['option out of range', (r) => Object.assign(r.settings, { budget: -1 }), /budget is -1/],
  ['equal levels', (r) => Object.assign(r.settings, { levels: [80, 80] }), /levels are 80,80/],
  [
    'other levels',
    (r) => Object.assign(r.settings, { levels: [50, 90, 95] }),
    /its calibration does not fit its levels/,
  ],
  ['other horizon', (r) => Object.assign(r.settings, { horizon: 5 }), /does not fit its horizon and levels/],
  ['unknown model', (r) => Object.assign(r.settings, { model: '__proto__' }), /wrong at settings.model/],
  ['unknown component', (r) => Object.assign(r, { components: ['toString'] }), /wrong at components.0/],
  ['unknown unit', (r) => Object.assign(r.axis.freq as object, { unit: 'eon' }), /wrong at axis.freq.unit/],
  ['endless step', (r) => Object.assign(r.axis.freq as object, { multiple: 1e300 }), /wrong at axis.freq.multiple/],
  ['odd style', (r) => Object.assign(r.axis, { style: { dates: '\u001b[2J' } }), /wrong at axis.style/],
  ['season of a half', (r) => Object.assign(r.season, { length: 0.5 }), /wrong at season.length/],
  ['no ids', (r) => Object.assign(r, { ids: [] }), /wrong at ids/],
  ['more ids than histories', (r) => Object.assign(r, { ids: ['a', 'b'] }), /"history.length" is missing or not 2/],
  ['no networks', (r) => Object.assign(r, { plan: null }), /its networks are missing/],
  [
    'wide network',
    (r) => Object.assign(r.plan, { hiddenSize: 4096 }),
    /weight_ih_l0" is \[128,\d+\], its plan says \[16384/,
  ],
  ['wider network', (r) => Object.assign(r.plan, { hiddenSize: 1e9 }), /wrong at plan.hiddenSize/],
  ['deep network', (r) => Object.assign(r.plan, { layers: 64 }), /weight_ih_l1" is missing/],
  ['long windows', (r) => Object.assign(r.plan.views[0], { inputSteps: 1e6 }), /its plan says \[4,1000000\]/],
  [
    'more members',
    (r) => Object.assign(r.plan, { members: 1000 }),
    /"view\.0\.member\.\d+\.lstm\.weight_ih_l0" is missing/,
  ],
  [
    'crossing intervals',
    (r) => Object.assign(r.calibration, { factors: [[1], [-1]] }),
    /wrong at calibration.factors.1.0/,
  ],
  ['no views', (r) => Object.assign(r.plan, { views: [] }), /wrong at plan.views/],
  ['a view less', (r) => Object.assign(r, { views: r.views.slice(1) }), /its views do not fit its plan/],
  ['heavy view', (r) => Object.assign(r.views[0], { weight: 1 / 3 ** 9 }), /its views do not fit its plan/],
  ['penalty of text', (r) => Object.assign(r.views[0], { penalty: 'no' }), /wrong at views.0.penalty/],
  ['inputs for no covariate', (r) => Object.assign(r.inputs, { past: 1 }), /its inputs do not fit its covariates/],
  [
    'static input for no covariate',
    (r) => Object.assign(r.inputs, { static: [{ texts: ['a'] }] }),
    /its inputs do not fit its covariates/,
  ],
  [
    'covariates that are not there',
    (r) => Object.assign(r.columns, { future: ['x'] }),
    /"history.future.0" is missing/,
  ],
  ['inputs for no network', (r) => Object.assign(r.inputs, { yearly: true }), /its network does not fit its inputs/],
  [
    'more explained than there is',
    (r) =>
      Object.assign(r, {
        explained: { names: ['x'], season: 12, waves: 0, shapes: [{ centre: 0, size: 1, knots: [] }] },
      }),
    /what its covariates explain does not fit them/,
  ],
  ['skip NaN', (_, t) => poke(t, 'view.0.skip.weight', 0, Number.NaN), /"view.0.skip.weight" holds a value/],
  ['skip missing', (_, t) => t.delete('view.0.skip.bias'), /"view.0.skip.bias" is missing/],
  ['known before the end', (_, t) => t.set('history.known', doubles(3)), /a future covariate ends before its history/],
  ['no calibration', (r) => Object.assign(r.calibration, { factors: [] }), /calibration does not fit/],
  ['empty report', (r) => Object.assign(r, { report: { verdict: '' } }), /wrong at report.data/],
  ['no verdict', (r) => Object.assign(r.report, { verdict: 1 }), /wrong at report.verdict/],
  ['length below 1', (_, t) => t.set('history.length', doubles(-5)), /whole number from 1/],
  ['length NaN', (_, t) => t.set('history.length', doubles(Number.NaN)), /whole number from 1/],
  [
    'enormous length',
    (_, t) => t.set('history.length', doubles(1e15)),
    /"history.y" is missing or not 1000000000000000/,
  ],
  ['start at no time', (_, t) => t.set('history.start', doubles(Number.NaN)), /a history does not begin/],
  ['infinite value', (_, t) => poke(t, 'history.y', 7, Number.NEGATIVE_INFINITY), /a history does not begin/],
  ['no last value', (_, t) => poke(t, 'history.y', -1, Number.NaN), /a history does not begin/],
  ['negative share', (_, t) => poke(t, 'blend.pooled', 0, -0.25), /shares that sum to 1/],
  ['share NaN', (_, t) => poke(t, 'blend.series', 0, Number.NaN), /shares that sum to 1/],
  [
    'weight NaN',
    (_, t) => poke(t, 'view.0.member.0.head.weight', 3, Number.NaN),
    /"view.0.member.0.head.weight" holds a value/,
  ],
  ['weight infinite', (_, t) => poke(t, 'view.0.member.0.lstm.bias_hh_l0', 0, 1e39), /bias_hh_l0" holds a value/],
  ['weights missing', (_, t) => t.delete('view.0.member.0.head.bias'), /"view.0.member.0.head.bias" is missing/],
  [
    'weights as whole numbers',
    (_, t) => t.set('view.0.member.0.head.bias', { dtype: 'I32', shape: [20], data: new Int32Array(20) }),
    /"view.0.member.0.head.bias" is missing/,
  ],
];

for (const [name, change, says] of DAMAGE) {
  test(`refused: ${name}`, () => {
    const file = altered(change);
    const memory = process.memoryUsage().arrayBuffers;
    assert.throws(
      () => decodeModel(file, 'm.safetensors'),
      (error) => {
        assert.ok(error instanceof TidegateError, `${(error as Error).stack}`);
        assert.deepEqual([error.kind, error.code], ['input', 'bad_model_file']);
        assert.match(error.message, says);
        assert.match(
          error.message,
          /^m\.safetensors: not a usable model file: .*\. Save the model again with "tidegate fit"\.$/,
        );
        return true;
      },
    );
    assert.ok(process.memoryUsage().arrayBuffers - memory < 16e6, 'allocates by what the file holds only');
  });
}

test('a file of a later format asks for a newer version', () => {
  assert.throws(
    () =>
      decodeModel(
        altered((recipe) => Object.assign(recipe, { version: FORMAT_VERSION + 1 })),
        'm.safetensors',
      ),
    {
      code: 'newer_model_file',
      kind: 'input',
      message: new RegExp(`m\\.safetensors: format version ${FORMAT_VERSION + 1}; .* Install a newer Tidegate\\.$`),
    },
  );
});

test('safetensors files of others are no models', () => {
  const weight: SafeTensor = { dtype: 'F32', shape: [1], data: Float32Array.of(1) };
  for (const metadata of [undefined, { format: 'pt' }, { tidegate: '{' }, { tidegate: 'null' }, { tidegate: '[]' }])
    assert.throws(
      () => decodeModel(encodeSafetensors(new Map([['weight', weight]]), metadata), 'pytorch.safetensors'),
      {
        code: 'bad_model_file',
      },
    );
});

test('bytes flipped or cut off anywhere: refused, or a model that can be used', async () => {
  const random = new Random('flips');
  const small = encodeModel((await fitted(airline, { horizon: 2, levels: [80], model: 'theta' })).state);
  let refused = 0;
  for (let trial = 0; trial < 600; trial++) {
    const file = small.slice(0, trial % 3 === 0 ? random.integer(small.length) : small.length);
    const flips = trial % 3 === 0 ? 0 : 1 + random.integer(3);
    for (let i = 0; i < flips; i++) file[random.integer(file.length)] ^= 1 << random.integer(8);
    try {
      const forecast = await restored(file).predict();
      assert.equal(forecast.toCSV().trim().split('\n').length, 1 + forecast.length);
    } catch (error) {
      assert.ok(error instanceof TidegateError, `trial ${trial}: ${(error as Error).stack}`);
      assert.equal(error.kind, 'input');
      refused++;
    }
  }
  assert.ok(refused >= 200, `only ${refused} of 600 refused: every cut must be`);
});
