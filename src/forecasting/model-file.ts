import * as v from 'valibot';
import { inputError, TidegateError } from '../errors.js';
import { decodeSafetensors, encodeSafetensors, type SafeTensor } from '../interop/safetensors.js';
import type { Tensors } from '../nn/quantile-network.js';
import type { Component } from './components.js';
import { type ExplainedModel, widthOf as explainedWidth } from './explained.js';
import type { FittedState } from './fit.js';
import { concatenate } from './forecast-frame.js';
import type { History } from './history.js';
import { inputWidth } from './inputs.js';
import { decodeLive, encodeLive } from './live-file.js';
import { CELL_NAMES, type ForecasterOptions, MODEL_NAMES, type Settings, settle } from './options.js';
import type { Ensemble, Group } from './recurrent/ensemble.js';
import type { Cell, RecurrentPlan } from './recurrent/plan.js';
import type { FitReport } from './report.js';

/**
 * The file of a fitted forecaster: one safetensors file. Networks under PyTorch's names behind `view.<g>.member.<n>.`; the
 * histories end to end in `history.y` (F64, NaN = missing) with their lengths, start times and offsets beside; where the
 * networks stand after them (live-file.ts); everything else as JSON under `tidegate` in the metadata. Equal fits give equal bytes.
 */
export const FORMAT_VERSION = 2;

/** The bytes of a model file. */
export function encodeModel(state: FittedState): Uint8Array {
  const { histories, ensemble, explained, weights } = state;
  const tensors = new Map<string, SafeTensor>();
  tensors.set('history.y', vector(concatenate(histories.map(({ y }) => y))));
  tensors.set('history.length', vector(Float64Array.from(histories, ({ y }) => y.length)));
  tensors.set('history.start', vector(Float64Array.from(histories, ({ start }) => start)));
  tensors.set('history.offset', vector(Float64Array.from(histories, ({ offset }) => offset)));
  tensors.set('history.known', vector(Float64Array.from(histories, ({ y, future }) => future[0]?.length ?? y.length)));
  histories[0].past.forEach((_, c) => {
    tensors.set(`history.past.${c}`, vector(concatenate(histories.map(({ past }) => past[c]))));
  });
  histories[0].future.forEach((_, c) => {
    tensors.set(`history.future.${c}`, vector(concatenate(histories.map(({ future }) => future[c]))));
  });
  if (explained) {
    const width = explained.pooled.length;
    tensors.set('explained.pooled', vector(explained.pooled));
    tensors.set('explained.series', {
      dtype: 'F64',
      shape: [histories.length, width],
      data: concatenate(explained.perSeries),
    });
  }
  tensors.set('blend.series', {
    dtype: 'F64',
    shape: [histories.length, weights.pooled.length],
    data: concatenate(weights.perSeries),
  });
  tensors.set('blend.pooled', vector(weights.pooled));
  ensemble?.groups.forEach(({ skip, members }, g) => {
    const inputs = skip.weight.length / skip.bias.length;
    tensors.set(`view.${g}.skip.weight`, { dtype: 'F32', shape: [skip.bias.length, inputs], data: skip.weight });
    tensors.set(`view.${g}.skip.bias`, { dtype: 'F32', shape: [skip.bias.length], data: skip.bias });
    members.forEach((member, n) => {
      for (const [name, { shape, data }] of member)
        tensors.set(`view.${g}.member.${n}.${name}`, { dtype: 'F32', shape, data });
    });
  });
  if (ensemble && state.live)
    for (const [name, tensor] of encodeLive(state.live, ensemble, state.inputs.past, explained !== null))
      tensors.set(name, tensor);
  const recipe = {
    version: FORMAT_VERSION,
    // Threads belong to the machine, not to the model.
    settings: { ...state.settings, threads: undefined },
    axis: state.axis,
    columns: state.columns,
    season: state.season,
    ids: histories.map(({ id }) => id),
    static: histories.map((history) => history.static),
    inputs: state.inputs,
    explained: explained && { ...explained, pooled: undefined, perSeries: undefined },
    plan: ensemble ? ensemble.plan : null,
    views: ensemble ? ensemble.groups.map(({ weight, skip }) => ({ weight, penalty: skip.penalty })) : [],
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
  checkCovariates(recipe, source);
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
  const known = take('history.known', series);
  if (!known.every((length, s) => Number.isInteger(length) && length >= lengths[s]))
    throw damaged(source, 'a future covariate ends before its history');
  const columns = (name: string, count: number, sizes: Float64Array) =>
    Array.from({ length: count }, (_, c) =>
      take(
        `${name}.${c}`,
        sizes.reduce((sum, length) => sum + length, 0),
      ),
    );
  const past = columns('history.past', recipe.columns.past.length, lengths);
  const future = columns('history.future', recipe.columns.future.length, known);
  if (recipe.static.length !== series) throw damaged(source, 'its static covariates do not fit its series');
  let next = 0;
  let nextKnown = 0;
  const histories: History[] = recipe.ids.map((id, s) => {
    next += lengths[s];
    nextKnown += known[s];
    return {
      id,
      start: starts[s],
      offset: offsets[s],
      y: y.slice(next - lengths[s], next),
      past: past.map((column) => column.slice(next - lengths[s], next)),
      future: future.map((column) => column.slice(nextKnown - known[s], nextKnown)),
      static: recipe.static[s].map((value) => value ?? Number.NaN),
    };
  });
  if (!histories.every(isHistory)) throw damaged(source, 'a history does not begin and end with a value at a time');
  const models = recipe.components.length;
  const rows = take('blend.series', series * models);
  const perSeries = recipe.ids.map((_, s) => rows.slice(s * models, (s + 1) * models));
  const pooled = take('blend.pooled', models);
  if (![pooled, ...perSeries].every(isBlend)) throw damaged(source, 'its blend is not made of shares that sum to 1');
  const explained = readExplained(recipe, take);
  const ensemble = readEnsemble(recipe, tensors, source);
  const frame = { histories, past: recipe.inputs.past, explained: explained !== null };
  return {
    settings,
    axis: recipe.axis as FittedState['axis'],
    columns: recipe.columns,
    season: recipe.season,
    histories,
    inputs: recipe.inputs,
    explained,
    ensemble,
    live: ensemble && decodeLive(tensors, ensemble, frame, (what) => damaged(source, what)),
    components: recipe.components as Component[],
    weights: { perSeries, pooled },
    calibration: recipe.calibration,
    report: recipe.report as unknown as FitReport,
  };
}

/** All parts must speak of the same covariates. */
function checkCovariates({ columns, static: rows, inputs, explained, plan }: Recipe, source: string): void {
  const fixed = columns.static.length;
  if (inputs.past !== columns.past.length || [inputs.static, ...rows].some(({ length }) => length !== fixed))
    throw damaged(source, 'its inputs do not fit its covariates');
  if (plan && plan.extraSize !== inputWidth(inputs)) throw damaged(source, 'its network does not fit its inputs');
  if (explained && [explained.names, explained.shapes].some(({ length }) => length !== columns.future.length))
    throw damaged(source, 'what its covariates explain does not fit them');
}

function readExplained(recipe: Recipe, take: (name: string, length: number) => Float64Array): ExplainedModel | null {
  if (!recipe.explained) return null;
  const width = explainedWidth(recipe.explained);
  const rows = take('explained.series', recipe.ids.length * width);
  return {
    ...recipe.explained,
    pooled: take('explained.pooled', width),
    perSeries: recipe.ids.map((_, s) => rows.slice(s * width, (s + 1) * width)),
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

function isAscending(values: readonly number[]): boolean {
  return values.every((value, i) => i === 0 || value > values[i - 1]);
}

function isBlend(shares: Float64Array): boolean {
  return shares.every((share) => share >= 0) && Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-6;
}

const Positive = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000));
const Real = v.pipe(v.number(), v.finite());
const Share = v.pipe(v.number(), v.gtValue(0), v.ltValue(1));
const Count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000));
const PlanSchema = v.object({
  cell: v.picklist(CELL_NAMES),
  horizon: Positive,
  seasons: v.pipe(v.array(Positive), v.maxLength(3)),
  views: v.pipe(
    v.array(v.object({ adjusted: v.boolean(), scaled: v.boolean(), inputSteps: Positive, firstValues: Positive })),
    v.minLength(1),
    v.maxLength(16),
  ),
  extraSize: Count,
  levels: v.pipe(v.array(Share), v.minLength(3), v.maxLength(41)),
  hiddenSize: v.pipe(Positive, v.maxValue(4096)),
  layers: v.pipe(Positive, v.maxValue(64)),
  learningRate: Real,
  weightDecay: Real,
  clipNorm: Real,
  batchRows: Positive,
  segmentSteps: Positive,
  maxUpdates: Positive,
  rehearsalMembers: Positive,
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
  columns: v.object({
    id: v.nullable(v.string()),
    time: v.nullable(v.string()),
    target: v.string(),
    past: v.array(v.string()),
    future: v.array(v.string()),
    static: v.array(v.string()),
  }),
  season: v.object({
    length: Positive,
    longer: v.array(Positive),
    source: v.picklist(['given', 'frequency', 'detected', 'none']),
  }),
  ids: v.pipe(v.array(v.string()), v.minLength(1)),
  static: v.array(v.array(v.nullable(v.union([v.number(), v.string()])))),
  inputs: v.object({
    past: Count,
    season: Positive,
    static: v.array(v.union([v.object({ texts: v.array(v.string()) }), v.object({ centre: Real, size: Real })])),
    yearly: v.boolean(),
  }),
  explained: v.nullable(
    v.object({
      names: v.array(v.string()),
      season: Positive,
      waves: v.pipe(Count, v.maxValue(10)),
      shapes: v.array(v.object({ centre: Real, size: Real, knots: v.pipe(v.array(Real), v.maxLength(100)) })),
    }),
  ),
  plan: v.nullable(PlanSchema),
  views: v.array(v.object({ weight: v.pipe(v.number(), v.gtValue(0), v.maxValue(1)), penalty: v.nullable(Real) })),
  components: v.pipe(v.array(v.picklist(MODEL_NAMES.slice(1))), v.minLength(1)),
  calibration: v.object({
    factors: v.array(v.pipe(v.array(v.pipe(Real, v.gtValue(0))), v.minLength(1))),
    points: v.number(),
  }),
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
  if (plan && (plan.horizon !== settings.horizon || !isAscending(plan.levels)))
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
  const plan = recipe.plan as RecurrentPlan | null;
  if (!plan) {
    if (recipe.components.some((name) => CELL_NAMES.includes(name as Cell)))
      throw damaged(source, 'its networks are missing');
    return null;
  }
  if (recipe.views.length !== plan.views.length || !isBlend(Float64Array.from(recipe.views, ({ weight }) => weight)))
    throw damaged(source, 'its views do not fit its plan');
  const groups = plan.views.map((view, g): Group => {
    const { weight, penalty } = recipe.views[g];
    const prefix = `view.${g}.`;
    const own = new Map<string, { shape: readonly number[]; data: Float32Array }>();
    for (const [name, { shape, data }] of tensors) {
      if (name.startsWith(prefix) && data instanceof Float32Array) own.set(name.slice(prefix.length), { shape, data });
    }
    const inputs = view.inputSteps + plan.extraSize;
    const expect = expectation(own, prefix, source);
    const skip = {
      weight: expect('skip.weight', [plan.horizon, inputs]),
      bias: expect('skip.bias', [plan.horizon]),
      penalty: penalty ?? Number.POSITIVE_INFINITY,
    };
    const members = Array.from({ length: plan.members }, (_, n): Tensors => {
      const names = memberShapes(plan, inputs);
      return new Map(names.map(([name, shape]) => [name, { shape, data: expect(`member.${n}.${name}`, shape) }]));
    });
    return { skip, members, weight };
  });
  return { plan, groups };
}

/** Tensors must be there in the shapes of the plan, so that nothing is allocated that the file does not hold. */
function expectation(own: Tensors, prefix: string, source: string) {
  return (name: string, shape: readonly number[]): Float32Array => {
    const found = own.get(name);
    if (found?.shape.join() !== shape.join())
      throw damaged(
        source,
        `tensor "${prefix}${name}" is ${found ? `[${found.shape}]` : 'missing'}, its plan says [${shape}]`,
      );
    if (!found?.data.every(Number.isFinite))
      throw damaged(source, `tensor "${prefix}${name}" holds a value that is no finite number`);
    return found.data;
  };
}

/** Names and shapes of a member's tensors. */
function memberShapes({ cell, hiddenSize: H, layers, horizon, levels }: RecurrentPlan, inputs: number) {
  const gates = { lstm: 4, gru: 3, rnn: 1, leaky: 1, esn: 1 }[cell];
  const leaky = cell === 'leaky' || cell === 'esn';
  const shapes: [string, readonly number[]][] = [];
  for (let layer = 0; layer < layers; layer++) {
    shapes.push([`${cell}.weight_ih_l${layer}`, [gates * H, layer === 0 ? inputs : H]]);
    shapes.push([`${cell}.weight_hh_l${layer}`, [gates * H, H]]);
    shapes.push([`${cell}.bias_ih_l${layer}`, [gates * H]]);
    shapes.push(leaky ? [`${cell}.leak_l${layer}`, [H]] : [`${cell}.bias_hh_l${layer}`, [gates * H]]);
  }
  shapes.push(['head.weight', [horizon * levels.length, H]], ['head.bias', [horizon * levels.length]]);
  return shapes;
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
