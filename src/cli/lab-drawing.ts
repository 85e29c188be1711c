/** What the lab measures → its pictures. */
import type { TimeKind } from '../index.js';
import { type GradientInTraining, type SeriesRun, summarise, type TaskRun } from '../lab-entry.js';
import {
  attractorPlot,
  gradientPlot,
  learningPlot,
  lineChart,
  successPlot,
  type TracePanel,
  tracesPlot,
  trainingHeatPlot,
} from '../plots/lab/index.js';
import type { GradientRow } from './lab-gradient.js';
import type { ViewMemory } from './lab-gradient-model.js';
import type { InspectedMemory } from './lab-inspect-memory.js';

/** Below and above these the picture is cut: the short form alone would go down to 1e-80. */
const DECADES = [-30, 22] as const;

/** Gradient by lag over all cells: by C where there is one, else by h; and one line of the short form beside the complete one. */
export function drawGradients(rows: readonly GradientRow[]): string {
  const [{ study }] = rows;
  const cells = rows.map(({ label, study: { h, c } }) => ({ name: label, line: c ?? h }));
  const shortened =
    rows.find(({ cell, study: { short } }) => cell === 'lstm' && short) ?? rows.find((row) => row.study.short);
  const short = shortened?.study.short;
  const all = short ? [...cells, { name: `${shortened.label}, short BPTT`, line: short }] : cells;
  return gradientPlot({
    title: `How much of the gradient is left after ${study.lag} steps`,
    subtitle: `untrained, ${study.hiddenSize} units; median of ${study.seeds} draws and the half around it; by C where the cell has one, else by h`,
    cells: all,
    decades: DECADES,
  });
}

/** What a model keeps of its gradient, by lag, beside a plain RNN. @param distance what the lag is, such as "your season" */
export function drawModelGradient(views: readonly ViewMemory[], cell: string, distance: string): string {
  const points = (decades: ArrayLike<number>) => Array.from(decades, (y, x) => ({ x, y }));
  const lines = views.map(({ view, memory: { kept } }) => ({
    name: `${cell.toUpperCase()}: ${view}`,
    points: points(kept.median),
    spread: Array.from(kept.median, (_, x) => ({ x, low: kept.low[x], high: kept.high[x] })),
  }));
  const [{ memory }] = views;
  const others = [
    { name: 'plain RNN, untrained', points: points(memory.plain.median), style: 5 },
    ...(memory.short ? [{ name: 'short BPTT', points: points(memory.short.median), style: 11 }] : []),
  ];
  const lowest = [...lines, ...others.slice(0, 1)]
    .flatMap(({ points: all }) => all.map(({ y }) => y))
    .filter(Number.isFinite);
  return lineChart({
    title: 'How much of the gradient this model keeps',
    subtitle:
      'of the median forecast, as a share of what it is at the last step; median over networks, series and points in time',
    xLabel: 'steps back',
    yLabel: 'share of the gradient',
    yKind: 'decades',
    yDomain: [Math.floor(Math.min(-1, ...lowest)) - 0.5, Math.ceil(Math.max(0, ...lowest)) + 0.3],
    lines: [...lines, ...others],
    verticals: [{ x: memory.distance, name: `${distance}: ${memory.distance}` }],
  });
}

/** Gradient by lag while cells learn a task, side by side. */
export function drawTraining(runs: readonly GradientInTraining[]): string {
  const [{ task, length, hiddenSize }] = runs;
  return trainingHeatPlot({
    title: `How far back the gradient reaches while cells learn: ${task}, T = ${length}`,
    subtitle: `${hiddenSize} units; the gradient of the answer by C where the cell has one, else by h, as a share of what it is at the last step`,
    panels: runs.map((training) => ({ name: training.cell, training })),
  });
}

/** Styles of the traces: the same gate looks the same everywhere. */
const TRACE_STYLES: Readonly<Record<string, number>> = { f: 0, z: 0, i: 1, r: 1, o: 2, C: 5, h: 3 };

/** The series, the gate that keeps of all units, and gates and states of some, under each other. */
export function drawMemory(memory: InspectedMemory, timeKind: TimeKind): string {
  const { view, network, cell, series, times, y, traces, units, order } = memory;
  const { gates, c, h, halfLives, hiddenSize: H, steps } = traces;
  const of = (values: Float64Array, unit: number) => values.filter((_, k) => k % H === unit);
  const keeping = gates.f ? 'f' : gates.z ? 'z' : null;
  const panels = units.flatMap((unit): TracePanel[] => {
    const life = halfLives ? `, half-life ${Number(halfLives[unit].toPrecision(2))} steps` : '';
    const open = Object.keys(gates).filter((name) => name !== 'g' && name !== 'n');
    const state = { name: 'h', values: of(h, unit), style: TRACE_STYLES.h };
    const states: TracePanel[] = c
      ? [
          {
            heading: `unit ${unit + 1}: state C and output h`,
            lines: [{ name: 'C', values: of(c, unit), style: TRACE_STYLES.C }, state],
          },
        ]
      : [{ heading: `unit ${unit + 1}: output h${gates.z ? '' : life}`, lines: [state] }];
    if (open.length === 0) return states;
    const lines = open.map((name) => ({ name, values: of(gates[name], unit), style: TRACE_STYLES[name] }));
    return [{ heading: `unit ${unit + 1}: gates${life}`, lines, domain: [0, 1] }, ...states];
  });
  const rows = keeping ? order.map((unit) => of(gates[keeping], unit)) : [];
  const name = keeping === 'f' ? 'forget gate f' : 'update gate z';
  return tracesPlot({
    title: `Inside a network while it reads ${series}`,
    subtitle: `${cell.toUpperCase()} of ${H} units, network ${network} of those that see ${view}; ${steps} steps`,
    timeKind,
    times,
    panels: [{ heading: series, lines: [{ name: 'y', values: y }] }, ...panels],
    heat: keeping ? { heading: `${name} of all ${H} units, longest memory on top`, rows } : undefined,
  });
}

/** Learning curves of runs of one length; success by length where there are several. */
export function drawTaskRuns(runs: readonly TaskRun[]): string {
  const [{ task, length, hiddenSize, measure, goal, memoryless }] = runs;
  const cells = [...new Set(runs.map(({ cell }) => cell))];
  const seeds = new Set(runs.map(({ seed }) => seed)).size;
  const of = `${hiddenSize} units, ${seeds} run${seeds === 1 ? '' : 's'} each`;
  if (runs.some((run) => run.length !== length)) {
    const shares = summarise(runs);
    return successPlot({
      title: `${task}: who still solves it as it gets longer`,
      subtitle: of,
      cells: cells.map((name) => ({
        name,
        points: shares
          .filter(({ cell }) => cell === name)
          .map(({ length: T, solved, seeds: all }) => ({ x: T ?? 0, y: solved / all })),
      })),
    });
  }
  return learningPlot({
    title: `${task}${length === null ? '' : `, T = ${length}`}: who learns it`,
    subtitle: of,
    curves: runs.map(({ cell, curve }) => ({
      name: cell,
      points: curve.map(({ updates, score }) => ({ x: updates, y: score })),
    })),
    yLabel: measure,
    log: measure !== 'share right',
    references: [
      { y: goal, name: 'solved' },
      { y: memoryless, name: 'without memory' },
    ],
  });
}

/** A series and what a network makes of it: the attractor of one that it continues by itself, else both in time. */
export function drawSeriesRun({ task, what, reservoirSize, shown: { truth, output } }: SeriesRun): string {
  const network = `echo state network of ${reservoirSize} units`;
  if (task === 'mackey-glass')
    return attractorPlot({
      title: `${task}: the truth, and a network left to itself`,
      subtitle: `${network}, running freely for ${truth.length} steps`,
      delay: 17,
      panels: [
        { name: 'the series', values: truth },
        { name: 'the network', values: output },
      ],
    });
  const points = (values: readonly number[]) => values.map((y, x) => ({ x, y }));
  return lineChart({
    title: `${task}: the truth, and what a network says`,
    subtitle: `${network}; ${what}; ${truth.length} steps`,
    xLabel: 'steps',
    yLabel: 'value',
    lines: [
      { name: 'the series', points: points(truth) },
      { name: 'the network', points: points(output) },
    ],
  });
}
