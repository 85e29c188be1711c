import * as v from 'valibot';
import { inputError, TidegateError } from '../errors.js';
import { decodeSafetensors, encodeSafetensors, type SafeTensor } from '../interop/safetensors.js';
import type { Tensors } from '../nn/quantile-network.js';
import type { Component } from './components.js';
import type { FittedState } from './fit.js';
import { concatenate } from './forecast-frame.js';
import type { History } from './history.js';
import { type ForecasterOptions, MODEL_NAMES, type Settings, settle } from './options.js';
import { quantileLevels } from './quantiles.js';
import type { Ensemble } from './recurrent/ensemble.js';
import type { RecurrentPlan } from './recurrent/plan.js';
import type { FitReport } from './report.js';

/**
 * The file of a fitted forecaster: one safetensors file. Networks under PyTorch's names behind `member.<n>.`; the
 * histories end to end in `history.y` (F64, NaN = missing) with their lengths, start times and offsets beside; everything
 * else as JSON under `tidegate` in the metadata. Equal fits give equal bytes.
 */
export const FORMAT_VERSION = 1;

/** The bytes of a model file. */
export function encodeModel(state: FittedState): Uint8Array {
  const { histories, ensemble, weights } = state;
  const tensors = new Map<string, SafeTensor>();
  tensors.set('history.y', vector(concatenate(histories.map(({ y }) => y))));
  tensors.set('history.length', vector(Float64Array.from(histories, ({ y }) => y.length)));
  tensors.set('history.start', vector(Float64Array.from(histories, ({ start }) => start)));
  tensors.set('history.offset', vector(Float64Array.from(histories, ({ offset }) => offset)));
  tensors.set('blend.series', {
    dtype: 'F64',
    shape: [histories.length, weights.pooled.length],
    data: concatenate(weights.perSeries),
  });
  tensors.set('blend.pooled', vector(weights.pooled));
  ensemble?.members.forEach((member, n) => {
    for (const [name, { shape, data }] of member) tensors.set(`member.${n}.${name}`, { dtype: 'F32', shape, data });
  });
  const recipe = {
    version: FORMAT_VERSION,
    // Threads belong to the machine, not to the model.
    settings: { ...state.settings, threads: undefined },
    axis: state.axis,
    season: state.season,
    ids: histories.map(({ id }) => id),
    plan: ensemble ? ensemble.plan : null,
    components: state.components,
    calibration: state.calibration,
    report: state.report,
  };
  return encodeSafetensors(tensors, { format: 'tidegate', tidegate: JSON.stringify(recipe) });
}

/**
 * The state in a model file. The file is not trusted: every number is checked before it is used.
 * @throws input error `bad_model_file` saying what is wrong.
 */
export function decodeModel(bytes: Uint8Array, source: string): FittedState {
  const { tensors, metadata } = decodeSafetensors(bytes, { source });
  const { recipe, settings } = readRecipe(metadata.tidegate, source);
  const series = recipe.ids.length;
  const take = (name: string, length: number): Float64Array => {
    const tensor = tensors.get(name);
    if (!tensor || !(tensor.data instanceof Float64Array) || tensor.data.length !== length)
      throw damaged(source, `tensor "${name}" is missing or not ${length} F64 values`);
    return tensor.data;
  };
  const lengths = take('history.length', series);
  if (!lengths.every((length) => Number.isInteger(length) && length >= 1))
    throw damaged(source, 'a history length is not a whole number from 1');
  const y = take(
    'history.y',
    lengths.reduce((sum, length) => sum + length, 0),
  );
  const starts = take('history.start', series);
  const offsets = take('history.offset', series);
  let next = 0;
  const histories: History[] = recipe.ids.map((id, s) => {
    next += lengths[s];
    return { id, start: starts[s], offset: offsets[s], y: y.slice(next - lengths[s], next) };
  });
  if (!histories.every(isHistory)) throw damaged(source, 'a history does not begin and end with a value at a time');
  const models = recipe.components.length;
  const rows = take('blend.series', series * models);
  const perSeries = recipe.ids.map((_, s) => rows.slice(s * models, (s + 1) * models));
  const pooled = take('blend.pooled', models);
  if (![pooled, ...perSeries].every(isBlend)) throw damaged(source, 'its blend is not made of shares that sum to 1');
  return {
    settings,
    axis: recipe.axis as FittedState['axis'],
    season: recipe.season,
    histories,
    ensemble: readEnsemble(recipe, tensors, source),
    components: recipe.components as Component[],
    weights: { perSeries, pooled },
    calibration: recipe.calibration,
    report: recipe.report as unknown as FitReport,
  };
}

/** Begins and ends with a value, NaN inside where one is missing. */
function isHistory({ start, offset, y }: History): boolean {
  return (
    [start, offset].every(Number.isSafeInteger) &&
    [y[0], y[y.length - 1]].every(Number.isFinite) &&
    y.every((value) => Number.isFinite(value) || Number.isNaN(value))
  );
}

function isBlend(shares: Float64Array): boolean {
  return shares.every((share) => share >= 0) && Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-6;
}

const Positive = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000));
const Real = v.pipe(v.number(), v.finite());
const Share = v.pipe(v.number(), v.gtValue(0), v.ltValue(1));
const PlanSchema = v.object({
  horizon: Positive,
  inputSteps: Positive,
  levels: v.pipe(v.array(Share), v.minLength(3), v.maxLength(41)),
  hiddenSize: v.pipe(Positive, v.maxValue(4096)),
  layers: v.pipe(Positive, v.maxValue(64)),
  learningRate: Real,
  weightDecay: Real,
  clipNorm: Real,
  batchRows: Positive,
  segmentSteps: Positive,
  maxUpdates: Positive,
  members: v.pipe(Positive, v.maxValue(1000)),
});
const AxisSchema = v.looseObject({
  kind: v.picklist(['integer', 'date', 'datetime']),
  zone: v.string(),
  freq: v.object({
    alias: v.string(),
    unit: v.picklist(['step', 'second', 'minute', 'hour', 'day', 'business-day', 'week', 'month', 'quarter', 'year']),
    multiple: v.pipe(v.number(), v.gtValue(0), v.maxValue(1_000_000_000)),
    monthEnd: v.boolean(),
  }),
  style: v.optional(
    v.object({
      dates: v.picklist(['-', '/', '']),
      separator: v.picklist(['T', ' ']),
      precision: v.picklist(['year', 'month', 'day', 'minute', 'second', 'millisecond']),
    }),
  ),
});
/** As much of a FitReport as is read after loading. */
const ReportSchema = v.looseObject({
  data: v.looseObject({
    target: v.string(),
    series: v.number(),
    rows: v.number(),
    start: v.string(),
    end: v.string(),
    freq: v.string(),
    season: v.number(),
    seasonSource: v.string(),
    missing: v.number(),
  }),
  model: v.looseObject({ name: v.string() }),
  training: v.looseObject({ fallback: v.array(v.string()) }),
  validation: v.looseObject({ windows: v.number() }),
  verdict: v.string(),
});
const RecipeSchema = v.object({
  version: v.literal(FORMAT_VERSION),
  settings: v.looseObject({ horizon: Positive, levels: v.array(v.number()), model: v.picklist(MODEL_NAMES) }),
  axis: AxisSchema,
  season: v.object({ length: Positive, source: v.picklist(['given', 'frequency', 'detected', 'none']) }),
  ids: v.pipe(v.array(v.string()), v.minLength(1)),
  plan: v.nullable(PlanSchema),
  components: v.pipe(v.array(v.picklist(MODEL_NAMES.slice(1))), v.minLength(1)),
  calibration: v.object({ factors: v.array(v.pipe(Real, v.gtValue(0))), points: v.number() }),
  report: ReportSchema,
});
type Recipe = v.InferOutput<typeof RecipeSchema>;

function readRecipe(text: string | undefined, source: string): { recipe: Recipe; settings: Settings } {
  if (text === undefined) throw damaged(source, 'it has no "tidegate" metadata');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw damaged(source, 'its "tidegate" metadata is not JSON');
  }
  const version = (json as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version > FORMAT_VERSION)
    throw inputError(
      'newer_model_file',
      `${source}: format version ${version}; this Tidegate reads up to ${FORMAT_VERSION}. Install a newer Tidegate.`,
    );
  const parsed = v.safeParse(RecipeSchema, json);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw damaged(source, `its recipe is wrong at ${v.getDotPath(issue) ?? 'the top'}: ${issue.message}`);
  }
  const { calibration, plan } = parsed.output;
  const settings = readSettings(parsed.output.settings as unknown as ForecasterOptions, source);
  if (calibration.factors.length !== settings.levels.length)
    throw damaged(source, 'its calibration does not fit its levels');
  if (plan && (plan.horizon !== settings.horizon || plan.levels.join() !== quantileLevels(settings.levels).join()))
    throw damaged(source, 'its network does not fit its horizon and levels');
  // The checked object itself: a copy by the schema would have its keys in another order, and saving it other bytes.
  return { recipe: json as Recipe, settings };
}

/** A wrong option in a file is the fault of the file. */
function readSettings(options: ForecasterOptions, source: string): Settings {
  try {
    return settle(options);
  } catch (error) {
    if (error instanceof TidegateError) throw damaged(source, `in its settings ${error.message.split(';')[0]}`);
    throw error;
  }
}

function readEnsemble(recipe: Recipe, tensors: ReadonlyMap<string, SafeTensor>, source: string): Ensemble | null {
  const { season } = recipe;
  const plan = recipe.plan as RecurrentPlan | null;
  if (!plan) {
    if (recipe.components.includes('lstm')) throw damaged(source, 'its networks are missing');
    return null;
  }
  const members = Array.from({ length: plan.members }, (_, n): Tensors => {
    const prefix = `member.${n}.`;
    const member = new Map<string, { shape: readonly number[]; data: Float32Array }>();
    for (const [name, { shape, data }] of tensors) {
      if (name.startsWith(prefix) && data instanceof Float32Array)
        member.set(name.slice(prefix.length), { shape, data });
    }
    checkMember(member, n, plan, source);
    return member;
  });
  return { plan, season: season.length, members };
}

/** All tensors of one member must be there in the shapes of the plan, so that nothing is allocated that the file does not hold. */
function checkMember(member: Tensors, n: number, plan: RecurrentPlan, source: string): void {
  const { hiddenSize, layers, inputSteps, horizon, levels } = plan;
  const expect = (name: string, shape: readonly number[]) => {
    const found = member.get(name);
    if (found?.shape.join() !== shape.join())
      throw damaged(
        source,
        `tensor "member.${n}.${name}" is ${found ? `[${found.shape}]` : 'missing'}, its plan says [${shape}]`,
      );
    if (!found?.data.every(Number.isFinite))
      throw damaged(source, `tensor "member.${n}.${name}" holds a value that is no finite number`);
  };
  for (let layer = 0; layer < layers; layer++) {
    expect(`lstm.weight_ih_l${layer}`, [4 * hiddenSize, layer === 0 ? inputSteps : hiddenSize]);
    expect(`lstm.weight_hh_l${layer}`, [4 * hiddenSize, hiddenSize]);
    expect(`lstm.bias_ih_l${layer}`, [4 * hiddenSize]);
    expect(`lstm.bias_hh_l${layer}`, [4 * hiddenSize]);
  }
  expect('head.weight', [horizon * levels.length, hiddenSize]);
  expect('head.bias', [horizon * levels.length]);
}

function damaged(source: string, what: string) {
  return inputError(
    'bad_model_file',
    `${source}: not a usable model file: ${what}. Save the model again with "tidegate fit".`,
  );
}

function vector(data: Float64Array): SafeTensor {
  return { dtype: 'F64', shape: [data.length], data };
}
