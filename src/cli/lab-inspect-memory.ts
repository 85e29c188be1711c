import type { Command } from 'commander';
import { inputError, usageError } from '../errors.js';
import { type MemoryTraces, memoryTraces } from '../lab-entry.js';
import { wantsColor } from './color.js';
import { checkOutputs, PICTURE_ENDINGS, writePicture } from './formats.js';
import { printJson } from './json.js';
import { drawMemory } from './lab-drawing.js';
import { type OpenedModel, openModel, viewName } from './lab-model.js';
import { addDataFlags, type DataFlags, wholeNumber, wholeNumbers } from './options.js';
import { Session } from './session.js';
import { sparkline } from './sparkline.js';
import { type Cell, renderTable } from './table.js';

interface Flags extends DataFlags {
  readonly model: string;
  readonly series?: string;
  readonly view?: number;
  readonly network: number;
  readonly units?: number[];
  readonly plot?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** One network on one series, and the units that are looked at. */
export interface InspectedMemory {
  readonly view: string;
  /** From 1 on. */
  readonly network: number;
  readonly networks: number;
  readonly cell: string;
  readonly series: string;
  readonly times: Float64Array;
  readonly y: Float64Array;
  readonly traces: MemoryTraces;
  /** From 0 on. */
  readonly units: readonly number[];
  /** All units, the longest half-life first. */
  readonly order: readonly number[];
}

/** `tidegate lab inspect-memory` */
export function addInspectMemory(lab: Command): void {
  const command = lab
    .command('inspect-memory [data]')
    .description('what the gates and states of a saved model do while it reads a series')
    .requiredOption('--model <file>', 'a saved model')
    .option('--series <id>', 'which series (default: the first)')
    .option(
      '--view <number>',
      'which way of seeing the series, as tidegate inspect lists them (default: the one with the largest share)',
      wholeNumber,
    )
    .option('--network <number>', 'which network of that view', wholeNumber, 1)
    .option(
      '--units <numbers>',
      'which units, such as 3,17 (default: the longest memory, a middle and the shortest one)',
      wholeNumbers,
    )
    .option('--plot <file>', `draw the traces under the series: ${PICTURE_ENDINGS}`);
  addDataFlags(command)
    .option('--json', 'print one JSON object with all traces')
    .option('-q, --quiet', 'no remarks')
    .addHelpText(
      'after',
      `
LSTM: i, f and o are the gates, g the candidate, C the long-term state and h the output. GRU: r and z are the gates, n the
candidate. Half-lives are those of the direct path of a unit, -1/log2 of what its gate keeps.

Example:
  tidegate lab inspect-memory --model sales.safetensors sales.csv --plot memory.svg`,
    )
    .action(inspectMemory);
}

async function inspectMemory(data: string | undefined, flags: Flags): Promise<void> {
  const session = new Session(flags.quiet ?? false);
  await checkOutputs(flags);
  const opened = await openModel(flags.model, data, flags, session);
  const memory = look(opened, flags);
  if (flags.plot !== undefined)
    await writePicture(flags.plot, drawMemory(memory, opened.forecaster.state.axis.kind), 'Memory of a model');
  if (flags.json) printJson('lab inspect-memory', fieldsOf(memory, flags.model));
  else process.stdout.write(`${show(memory)}\n`);
  if (flags.plot !== undefined) session.remark(`Wrote ${flags.plot}`);
}

function look({ readings, source }: OpenedModel, { series, view, network, units }: Flags): InspectedMemory {
  const largest = readings.reduce((best, one, i) => (one.share > readings[best].share ? i : best), 0);
  const chosen = readings[pick('view', view ?? largest + 1, readings.length)];
  const { spec, members, sequences } = chosen;
  const reading = series === undefined ? sequences[0] : sequences.find(({ id }) => id === series);
  if (!reading)
    throw inputError(
      'unknown_series',
      `${source}: there is no series "${series}" among those that are looked at; there are ${sequences.map(({ id }) => `"${id}"`).join(', ')}.`,
    );
  const layers = memoryTraces({ spec, tensors: members[pick('network', network, members.length)] }, reading.x);
  const traces = layers[layers.length - 1];
  const { hiddenSize: H, halfLives } = traces;
  const order = Array.from({ length: H }, (_, unit) => unit).sort(
    (a, b) => (halfLives ? halfLives[b] - halfLives[a] : 0) || a - b,
  );
  return {
    ...{ view: viewName(chosen), network, networks: members.length, cell: spec.cell, series: reading.id },
    ...{ times: reading.times, y: reading.y, traces, order },
    units: units?.map((unit) => pick('unit', unit, H)) ?? [...new Set([order[0], order[H >> 1], order[H - 1]])],
  };
}

/** A number from 1 on → an index. */
function pick(what: string, number: number, count: number): number {
  if (number >= 1 && number <= count) return number - 1;
  throw usageError('no_such_part', `there is no ${what} ${number}; the model has 1 to ${count}.`);
}

function show({ view, network, networks, cell, series, y, traces, units }: InspectedMemory): string {
  const { gates, c, h, saturation, halfLives, hiddenSize: H, steps } = traces;
  const WIDTH = 56;
  const names = Object.keys(gates).filter((name) => name !== 'g' && name !== 'n');
  const column = (values: Float64Array, unit: number) =>
    every(
      values.filter((_, k) => k % H === unit),
      WIDTH,
    );
  const traced = units.flatMap((unit): Cell[][] => {
    const life = halfLives ? `half-life ${formatSteps(halfLives[unit])}` : '';
    const rows: [string, Float64Array][] = [
      ...names.map((name): [string, Float64Array] => [name, gates[name]]),
      ...(c ? [['C', c] as [string, Float64Array]] : []),
      ['h', h],
    ];
    return rows.map(([name, values], i) => [
      i === 0 ? `unit ${unit + 1}${rows.length === 1 && life !== '' ? `, ${life}` : ''}` : i === 1 ? life : '',
      name,
      sparkline(column(values, unit), WIDTH),
      range(values.filter((_, k) => k % H === unit)),
    ]);
  });
  const color = wantsColor(process.stdout);
  const table = renderTable(
    ['', '', 'over the series', 'from … to'],
    [[series, 'y', sparkline(every(y, WIDTH), WIDTH), range(y)], ...traced],
    { color, maxCellLength: 64 },
  );
  const shares = Object.entries(saturation).map(
    ([gate, { low, high }]) => `${gate}: ${Math.round(100 * low)} % below 0.1, ${Math.round(100 * high)} % above 0.9`,
  );
  return [
    `${cell} of ${H} units, network ${network} of ${networks} that see ${view}; ${steps} steps of "${series}".`,
    table,
    shares.length > 0 ? `Saturation over all units: ${shares.join('; ')}.` : 'This cell has no gates.',
  ].join('\n\n');
}

/** About so many values, evenly; a line on a terminal shows no more. */
function every(values: Float64Array, count: number): Float64Array {
  const stride = Math.max(1, Math.ceil(values.length / count));
  return values.filter((_, k) => k % stride === 0);
}

function range(values: Float64Array): string {
  const known = values.filter(Number.isFinite);
  const low = known.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = known.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return `${Number(low.toPrecision(3))} … ${Number(high.toPrecision(3))}`;
}

function formatSteps(steps: number): string {
  return Number.isFinite(steps) ? `${Number(steps.toPrecision(3))}` : '∞';
}

/** Gates, C and h as [unit][step] of the units that are looked at; half-lives of all. */
function fieldsOf({ traces, units, order, times, y, ...facts }: InspectedMemory, model: string) {
  const { hiddenSize: H, gates, c, h, saturation, halfLives } = traces;
  const of = (values: Float64Array, unit: number) => values.filter((_, k) => k % H === unit);
  return {
    ...{ model, ...facts, hiddenSize: H, saturation, halfLives, times, y },
    units: units.map((unit) => ({
      unit: unit + 1,
      ...Object.fromEntries(Object.entries(gates).map(([name, values]) => [name, of(values, unit)])),
      ...(c && { C: of(c, unit) }),
      h: of(h, unit),
    })),
  };
}
