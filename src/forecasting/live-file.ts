/**
 * Where a forecaster stands, in its model file. One row for each series in every tensor, zeros for one that the networks do
 * not forecast:
 *   live.read [S]                        1 where the networks stand, else 0
 *   live.past [S, 2·C]                   centre and size of each past covariate
 *   live.unit [S, 2]                     of what future covariates explain: 1 for the logarithm, and the size
 *   view.<g>.scale [S, 4]                1 for the logarithm, divisor, spread, and how many seasonal indices there are
 *   view.<g>.indices                     the seasonal indices end to end
 *   view.<g>.level [S], view.<g>.answer [S, Q·K]
 *   view.<g>.member.<n>.state.h, .c      [S, layers·H], F32
 */
import type { SafeTensor } from '../interop/safetensors.js';
import { suitsNetwork } from './components.js';
import { concatenate } from './forecast-frame.js';
import type { History } from './history.js';
import type { Live, LiveSeries } from './live.js';
import type { Ensemble } from './recurrent/ensemble.js';
import type { Standing } from './recurrent/standing.js';

/** The tensors of a live state. */
export function encodeLive(
  live: Live,
  { plan, groups }: Ensemble,
  past: number,
  explained: boolean,
): [string, SafeTensor][] {
  const S = live.length;
  const rows = (width: number, row: (one: LiveSeries) => ArrayLike<number>): SafeTensor => {
    const data = new Float64Array(S * width);
    live.forEach((one, s) => {
      if (one) data.set(row(one), s * width);
    });
    return { dtype: 'F64', shape: width === 1 ? [S] : [S, width], data };
  };
  const tensors: [string, SafeTensor][] = [['live.read', rows(1, () => [1])]];
  if (past > 0)
    tensors.push(['live.past', rows(2 * past, (one) => one.past.flatMap(({ centre, size }) => [centre, size]))]);
  if (explained) tensors.push(['live.unit', rows(2, ({ unit }) => [unit?.log ? 1 : 0, unit?.size ?? 1])]);
  const size = plan.layers * plan.hiddenSize;
  groups.forEach(({ members }, g) => {
    const name = `view.${g}`;
    const view = ({ views }: LiveSeries) => views[g];
    const scaleRow = ({ log, divisor, spread, indices }: Standing['scale']) => [
      log ? 1 : 0,
      divisor,
      spread,
      indices.length,
    ];
    tensors.push([`${name}.scale`, rows(4, (one) => scaleRow(view(one).scale))]);
    const indices = concatenate(live.map((one) => (one ? view(one).scale.indices : new Float64Array(0))));
    tensors.push([`${name}.indices`, { dtype: 'F64', shape: [indices.length], data: indices }]);
    tensors.push([`${name}.level`, rows(1, (one) => [view(one).level])]);
    tensors.push([`${name}.answer`, rows(plan.levels.length * plan.horizon, (one) => view(one).answer)]);
    members.forEach((_, n) => {
      for (const part of ['h', 'c'] as const) {
        if (part === 'c' && plan.cell !== 'lstm') continue;
        const data = new Float32Array(S * size);
        live.forEach((one, s) => {
          const own = one && view(one).states[part];
          if (own) data.set(own.subarray(n * size, (n + 1) * size), s * size);
        });
        tensors.push([`${name}.member.${n}.state.${part}`, { dtype: 'F32', shape: [S, size], data }]);
      }
    });
  });
  return tensors;
}

/** What else a file says, checked already, that a live state must fit. */
export interface LiveFrame {
  readonly histories: readonly History[];
  readonly past: number;
  readonly explained: boolean;
}

/**
 * The live state in the tensors of an untrusted file.
 * @param bad the error for something that is wrong
 */
export function decodeLive(
  tensors: ReadonlyMap<string, SafeTensor>,
  { plan, groups }: Ensemble,
  { histories, past, explained }: LiveFrame,
  bad: (what: string) => Error,
): Live {
  const S = histories.length;
  const check = (held: boolean, name: string, what: string) => {
    if (!held) throw bad(`tensor "${name}" ${what}`);
  };
  const take = <A extends Float32Array | Float64Array>(name: string, type: new () => A, length: number): A => {
    const data = tensors.get(name)?.data;
    if (!(data instanceof type) || data.length !== length)
      throw bad(`tensor "${name}" is missing or not ${length} numbers`);
    check(data.every(Number.isFinite), name, 'holds a value that is no finite number');
    return data;
  };
  const rowsOf = (name: string, width: number) => {
    const data = take(name, Float64Array, S * width);
    return (s: number) => data.slice(s * width, (s + 1) * width);
  };
  const read = rowsOf('live.read', 1);
  histories.forEach(({ y }, s) => {
    check(read(s)[0] === (suitsNetwork(y) ? 1 : 0), 'live.read', 'does not fit the lengths of the histories');
  });
  const moments = past > 0 ? rowsOf('live.past', 2 * past) : null;
  const units = explained ? rowsOf('live.unit', 2) : null;
  const size = plan.layers * plan.hiddenSize;
  const views = groups.map(({ members }, g) => {
    const name = `view.${g}`;
    const scale = rowsOf(`${name}.scale`, 4);
    const counts = histories.map((_, s) => scale(s)[3]);
    check(
      counts.every((count) => Number.isInteger(count) && count >= 0 && count <= 1_000_000),
      `${name}.scale`,
      'has a season that is no whole number',
    );
    const indices = take(
      `${name}.indices`,
      Float64Array,
      counts.reduce((sum, count) => sum + count, 0),
    );
    const level = rowsOf(`${name}.level`, 1);
    const answer = rowsOf(`${name}.answer`, plan.levels.length * plan.horizon);
    const statesOf = (part: 'h' | 'c') =>
      members.map((_, n) => take(`${name}.member.${n}.state.${part}`, Float32Array, S * size));
    const h = statesOf('h');
    const c = plan.cell === 'lstm' ? statesOf('c') : null;
    let next = 0;
    return histories.map((_, s): Standing => {
      const [log, divisor, spread] = scale(s);
      if (log === 1 && !explained)
        check(!histories[s].y.some((value) => value <= 0), `${name}.scale`, 'takes logarithms of what has none');
      if (read(s)[0] === 1)
        check((log === 0 || log === 1) && divisor > 0 && spread > 0, `${name}.scale`, 'is not made of units');
      next += counts[s];
      const ofSeries = (all: readonly Float32Array[]) => {
        const own = new Float32Array(all.length * size);
        all.forEach((member, n) => {
          own.set(member.subarray(s * size, (s + 1) * size), n * size);
        });
        return own;
      };
      return {
        scale: { log: log === 1, divisor, spread, indices: indices.slice(next - counts[s], next) },
        level: level(s)[0],
        answer: answer(s),
        states: { h: ofSeries(h), c: c && ofSeries(c) },
      };
    });
  });
  return histories.map((_, s): LiveSeries | null => {
    if (read(s)[0] !== 1) return null;
    const own = moments?.(s) ?? new Float64Array(0);
    const [log, unitSize] = units?.(s) ?? [0, 1];
    check((log === 0 || log === 1) && unitSize > 0, 'live.unit', 'is not made of units');
    for (let i = 1; i < own.length; i += 2) check(own[i] > 0, 'live.past', 'has a size that is not positive');
    return {
      unit: units && { log: log === 1, size: unitSize },
      past: Array.from({ length: past }, (_, i) => ({ centre: own[2 * i], size: own[2 * i + 1] })),
      views: views.map((view) => view[s]),
    };
  });
}
