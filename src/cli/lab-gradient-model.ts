/** How far back a model of the user's remembers, against the season of the data. */
import { setImmediate } from 'node:timers/promises';
import { type ModelMemory, modelMemory, type UnitMemory } from '../lab-entry.js';
import { wantsColor } from './color.js';
import { formatDecades } from './decades.js';
import { writePicture } from './formats.js';
import { printJson } from './json.js';
import { drawModelGradient } from './lab-drawing.js';
import { type OpenedModel, openModel, viewName } from './lab-model.js';
import type { DataFlags, OutputFlags } from './options.js';
import type { Session } from './session.js';
import { type Cell, renderTable } from './table.js';

/** The networks that see the series in one way. */
export interface ViewMemory {
  readonly view: string;
  readonly window: number;
  readonly share: number;
  readonly networks: number;
  readonly memory: ModelMemory;
}

/** Units that are listed. */
const MOST_UNITS = 10;

export async function modelGradient(
  model: string,
  data: string | undefined,
  flags: DataFlags & OutputFlags & { readonly lag?: number },
  session: Session,
): Promise<void> {
  const began = performance.now();
  const opened = await openModel(model, data, flags, session);
  const lag = flags.lag ?? opened.distance.steps;
  const views = await session.withProgress('gradient', (report) => measureViews(opened, lag, session, report));
  const seconds = Math.round(performance.now() - began) / 1000;
  const { cell } = opened.readings[0].spec;
  if (flags.plot !== undefined)
    await writePicture(flags.plot, drawModelGradient(views, cell, nameOf(opened, lag)), 'Memory of a model');
  if (flags.json) printJson('lab gradient', { seconds, model, data: opened.source, cell, distance: lag, views });
  else process.stdout.write(`${showViews(views, cell, nameOf(opened, lag))}\n`);
  if (flags.plot !== undefined) session.remark(`Wrote ${flags.plot}`);
}

/** What so many steps are. */
function nameOf({ distance }: OpenedModel, lag: number): string {
  return lag === distance.steps ? `your ${distance.name}` : `${lag} steps`;
}

async function measureViews(
  { readings }: OpenedModel,
  lag: number,
  session: Session,
  report: (fraction: number, loss: number, phase: string) => void,
): Promise<ViewMemory[]> {
  const views: ViewMemory[] = [];
  for (const one of readings) {
    const { spec, members, sequences, window, share } = one;
    report(views.length / readings.length, Number.NaN, viewName(one));
    await setImmediate();
    session.stopIfInterrupted();
    const networks = members.map((tensors) => ({ spec, tensors }));
    const memory = modelMemory(
      networks,
      sequences.map(({ x }) => x),
      { distance: lag },
    );
    views.push({ view: viewName(one), window, share, networks: members.length, memory });
  }
  return views;
}

function showViews(views: readonly ViewMemory[], cell: string, distance: string): string {
  const lag = views[0].memory.distance;
  const steps = `${lag} step${lag === 1 ? '' : 's'}`;
  const lead = distance.startsWith('your')
    ? `${distance[0].toUpperCase()}${distance.slice(1)} is ${steps}.`
    : `Over ${steps}:`;
  const sentences = views.map(({ view, window, networks, memory }) => describe(view, window, networks, memory, cell));
  const color = wantsColor(process.stdout);
  const heads = [
    'networks that see',
    'share',
    'kept',
    'half of the cases',
    'plain RNN',
    ...(cell === 'lstm' ? ['short form'] : []),
  ];
  const table = renderTable(
    heads,
    views.map(({ view, share, memory: { kept, plain, short } }): Cell[] => {
      const at = Math.min(lag, kept.median.length - 1);
      return [
        view,
        `${Math.round(share * 100)} %`,
        percent(kept.median[at]),
        `${percent(kept.low[at])} … ${percent(kept.high[at])}`,
        percent(plain.median[at]),
        ...(short ? [percent(short.median[at])] : []),
      ];
    }),
    { color },
  );
  return [
    [lead, ...sentences].join('\n'),
    table,
    showUnits(views, lag, color),
    `kept: what is left of the gradient of the median forecast by ${cell === 'lstm' ? 'C' : 'h'}, ${steps} back, of what it is at the last step; over networks, series
and points in time. plain RNN: an untrained one of the same size on the same inputs. A half-life is that of the direct path of
a unit, -1/log2 of what its gate keeps: through the recurrent weights it may last longer, or be cut short. Beside its networks
a model has a linear path from the window to the forecast, which needs no memory and is not looked at here.`,
  ].join('\n\n');
}

/** What networks of a cell are called: one, several. */
const CALLED: Readonly<Record<string, readonly [string, string]>> = {
  lstm: ['LSTM', 'LSTMs'],
  gru: ['GRU', 'GRUs'],
  rnn: ['trained RNN', 'trained RNNs'],
  leaky: ['leaky network', 'leaky networks'],
  esn: ['echo state network', 'echo state networks'],
};

/** A plain RNN would keep so much of its gradient, this one keeps so much. */
function describe(
  view: string,
  window: number,
  networks: number,
  { kept, plain, distance, reached }: ModelMemory,
  cell: string,
): string {
  const at = Math.min(distance, kept.median.length - 1);
  const short = reached ? '' : ` (the series reach ${at} steps back only)`;
  const these = networks === 1 ? `this ${CALLED[cell][0]} keeps` : `these ${CALLED[cell][1]} keep`;
  const would = `a plain RNN would keep ${percent(plain.median[at])} of its gradient over it${short}`;
  return `Networks that see ${view}: ${would}, ${these} ${percent(kept.median[at])}. Each step shows the last ${window} values besides.`;
}

function showUnits(views: readonly ViewMemory[], lag: number, color: boolean): string {
  const all = views.flatMap(({ view, memory }) => memory.units.map((unit) => ({ view, ...unit })));
  const order = (unit: UnitMemory) => unit.halfLife ?? unit.gradientKeeps;
  const longest = [...all].sort((a, b) => order(b) - order(a)).slice(0, MOST_UNITS);
  const table = renderTable(
    [
      'longest memories',
      'network',
      'unit',
      'half-life',
      `in ${lag} steps`,
      'gates keep',
      'gradient',
      'gate < 0.1',
      '> 0.9',
    ],
    longest.map(({ view, network, unit, halfLife, gatesKeep, gradientKeeps, saturation }): Cell[] => [
      view,
      `${network + 1}`.padStart(7),
      `${unit + 1}`.padStart(4),
      halfLife === null ? null : steps(halfLife),
      halfLife === null ? null : steps(halfLife / lag),
      gatesKeep === null ? null : percent(Math.log10(gatesKeep)),
      percent(gradientKeeps),
      saturation && share(saturation.low),
      saturation && share(saturation.high),
    ]),
    { color },
  );
  return all.length > longest.length ? `${table}\n… ${all.length - longest.length} more units; --json has all` : table;
}

function percent(decades: number): string {
  return `${formatDecades(decades + 2)} %`;
}

function share(part: number): string {
  return `${Math.round(part * 100)} %`;
}

function steps(value: number): string {
  return Number.isFinite(value) ? `${Number(value.toPrecision(3))}` : '∞';
}
