/** Where the networks stand after the last value of a series, and how new values move them on. */
import { QuantileNetwork } from '../../nn/quantile-network.js';
import { interpolate, type LocalScale, toLocal } from '../../series/scaling.js';
import { windowInto } from '../../series/windows.js';
import { blendQuantiles, type Quantiles } from '../quantiles.js';
import type { TaskRunner } from '../tasks.js';
import type { Cut, Ensemble, Group } from './ensemble.js';
import { applyLinearSkip } from './linear-skip.js';
import type { RecurrentPlan, View } from './plan.js';
import { networkSpec, readToEnds, type States } from './reading.js';
import { forecastSet, toSeriesUnits } from './window-set.js';

/** Where the networks of one view stand; plain data. */
export interface Standing {
  /** Of the series in this view. It stays as it is from then on. */
  readonly scale: LocalScale;
  /** The last value, in local units. */
  readonly level: number;
  /** Mean answer of the members [Q·K], in local units: the next horizon is forecast from it without any network. */
  readonly answer: Float64Array;
  /** [members][layers·H] */
  readonly states: States;
}

/** Where all groups stand at each of some cuts, [cuts][groups]: every network reads every cut once. */
export async function standAt(
  { plan, groups }: Ensemble,
  cuts: readonly Cut[],
  running: { readonly runner: TaskRunner; readonly signal?: AbortSignal | undefined },
): Promise<Standing[][]> {
  if (cuts.length === 0) return [];
  const sets = plan.views.map((view) => forecastSet(cuts, view, plan));
  const readings = await running.runner.run<'read'>(
    groups.flatMap(({ skip, members }, g) =>
      members.map((tensors) => ({ kind: 'read' as const, plan, skip, tensors, set: sets[g].set })),
    ),
    { signal: running.signal },
  );
  const width = plan.levels.length * plan.horizon;
  const size = plan.layers * plan.hiddenSize;
  return cuts.map((_, row) =>
    groups.map(({ members }, g): Standing => {
      const own = readings.slice(g * members.length, (g + 1) * members.length);
      const { scale, level } = sets[g].origins[row];
      const mean = new Float64Array(width);
      const states = emptyStates(plan, members.length);
      own.forEach((reading, n) => {
        addAnswer(mean, reading.answers.subarray(row * width, (row + 1) * width), members.length);
        states.h.set(reading.states.h.subarray(row * size, (row + 1) * size), n * size);
        if (reading.states.c) states.c?.set(reading.states.c.subarray(row * size, (row + 1) * size), n * size);
      });
      return { scale, level, answer: mean, states };
    }),
  );
}

/** The forecast of the ensemble from where it stands after `length` values. */
export function forecastFrom(
  { plan, groups }: Ensemble,
  standings: readonly Standing[],
  length: number,
  levels: readonly number[],
): Quantiles {
  const forecasts = standings.map(({ scale, level, answer }) =>
    toSeriesUnits(answer, { scale, level, length }, plan, levels),
  );
  return blendQuantiles(
    forecasts,
    groups.map(({ weight }) => weight),
  );
}

/** New values of one series, for the networks of one view. */
export interface NewValues {
  readonly before: Standing;
  /**
   * The values from some window's reach before the first new one on (see `reach`), NaN where missing; the first is observed,
   * or the first of the series, and the last is observed.
   */
  readonly y: Float64Array;
  /** Position of y[0] in the series. */
  readonly first: number;
  /** How many of the values are new. */
  readonly count: number;
  /** [count][extraSize] */
  readonly extra: Float32Array;
}

/** Values before a new one that its window shows. */
export function reach({ inputSteps }: View): number {
  return inputSteps - 1;
}

/** Steps and series that are read at once. */
const PIECE = { steps: 16, batch: 16 };

/** The networks of one group, ready to read new values. They are built when they are first needed, and kept. */
export class GroupStream {
  readonly #plan: RecurrentPlan;
  readonly #view: View;
  readonly #group: Group;
  #networks: QuantileNetwork[] | null = null;
  /** The standing whose states the networks have in them, ready for the next value. */
  #held: Standing | null = null;

  constructor(plan: RecurrentPlan, view: View, group: Group) {
    this.#plan = plan;
    this.#view = view;
    this.#group = group;
  }

  /** Reads new values of some series: one step for each value, from the states before to those after. */
  read(series: readonly NewValues[]): Standing[] {
    if (series.length === 1 && series[0].count === 1) return [this.#readOne(series[0])];
    this.#held = null;
    const { skip } = this.#group;
    const { horizon, levels, layers, hiddenSize } = this.#plan;
    const size = layers * hiddenSize;
    const networks = this.#ready();
    const windows = series.map((one) => this.#windows(one));
    const after = windows.map(({ level }, row): Standing => {
      const answer = new Float64Array(horizon * levels.length);
      return { scale: series[row].before.scale, level, answer, states: emptyStates(this.#plan, networks.length) };
    });
    const lines = windows.map(({ last }) => applyLinearSkip(skip, last));
    const whole = new Float32Array(horizon * levels.length);
    networks.forEach((network, n) => {
      const part = (all: Float32Array) => all.subarray(n * size, (n + 1) * size);
      readToEnds(network, PIECE, {
        steps: windows.map(({ count }) => count),
        input: (x, at, row, step) => {
          const { x: inputs, width } = windows[row];
          for (let i = 0, from = step * width; i < width; i++) x[at + i] = inputs[from + i];
        },
        before: (row) => {
          const { h, c } = series[row].before.states;
          return { h: part(h), c: c && part(c) };
        },
        ended: (row, output, { h, c }) => {
          for (let i = 0; i < whole.length; i++) whole[i] = output[i] + lines[row][i % horizon];
          addAnswer(after[row].answer, whole, networks.length);
          after[row].states.h.set(h, n * size);
          if (c) after[row].states.c?.set(c, n * size);
        },
      });
    });
    return after;
  }

  /** One value of one series, as it comes in where values are awaited: the networks stay where they are in between. */
  #readOne(one: NewValues): Standing {
    const { horizon, levels, layers, hiddenSize: H } = this.#plan;
    const { x, last, level } = this.#windows(one);
    const networks = this.#ready();
    const answer = new Float64Array(horizon * levels.length);
    const states = emptyStates(this.#plan, networks.length);
    const line = applyLinearSkip(this.#group.skip, last);
    networks.forEach((network, n) => {
      const at = (layer: number) => (n * layers + layer) * H;
      if (this.#held !== one.before) {
        const { h, c } = one.before.states;
        const part = (all: Float32Array, layer: number) => all.subarray(at(layer), at(layer) + H);
        network.startStream(
          1,
          Array.from({ length: layers }, (_, layer) => ({ h: part(h, layer), c: c && part(c, layer) })),
        );
      }
      const output = network.step(x);
      for (let i = 0; i < output.length; i++) output[i] += line[i % horizon];
      addAnswer(answer, output, networks.length);
      network.finalState().forEach(({ h, c }, layer) => {
        states.h.set(h, at(layer));
        if (c) states.c?.set(c, at(layer));
      });
    });
    this.#held = { scale: one.before.scale, level, answer, states };
    return this.#held;
  }

  #ready(): QuantileNetwork[] {
    this.#networks ??= this.#group.members.map((tensors) => {
      const inputs = this.#view.inputSteps + this.#plan.extraSize;
      const network = new QuantileNetwork(networkSpec(this.#plan, inputs), { ...PIECE, training: false });
      network.loadStateDict(tensors);
      return network;
    });
    return this.#networks;
  }

  /** What the networks are shown: [count][width], and the last of it in full precision for the linear path. */
  #windows({ before: { scale }, y, first, count, extra }: NewValues) {
    const { inputSteps } = this.#view;
    const { extraSize } = this.#plan;
    const width = inputSteps + extraSize;
    const z = toLocal(scale, interpolate(y), first);
    const values = { z, observed: NOTHING, offset: 0, length: z.length };
    const x = new Float32Array(count * width);
    for (let t = 0; t < count; t++) {
      windowInto(x, t * width, values, z.length - count + t, inputSteps);
      for (let e = 0; e < extraSize; e++) x[t * width + inputSteps + e] = extra[t * extraSize + e];
    }
    const last = new Float64Array(width);
    const level = windowInto(last, 0, values, z.length - 1, inputSteps);
    for (let i = inputSteps; i < width; i++) last[i] = x[(count - 1) * width + i];
    return { x, last, level, count, width };
  }
}

const NOTHING = new Uint8Array(0);

function emptyStates({ cell, layers, hiddenSize }: RecurrentPlan, members: number): States {
  const empty = () => new Float32Array(members * layers * hiddenSize);
  return { h: empty(), c: cell === 'lstm' ? empty() : null };
}

/** One member's part of the mean answer. */
function addAnswer(mean: Float64Array, answer: Float32Array, members: number): void {
  for (let i = 0; i < mean.length; i++) mean[i] += answer[i] / members;
}
