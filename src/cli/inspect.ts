import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { Forecaster, type HalfLives, type Memory, type ModelSummary, type ViewSummary } from '../index.js';
import { wantsColor } from './color.js';
import { formatNumber } from './format-number.js';
import { printJson } from './json.js';
import { printable } from './printable.js';
import { describeData } from './show.js';
import { type Cell, renderTable } from './table.js';

/** `tidegate inspect m.safetensors` */
export function addInspect(program: Command): void {
  program
    .command('inspect <model>')
    .description('what is in a saved model: data, networks and how long they remember, training, scores')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
A half-life is the number of steps after which half of a unit's state is left, from what its gates do on the fitted histories.

Examples:
  tidegate inspect sales.safetensors
  tidegate inspect sales.safetensors --json`,
    )
    .action(inspect);
}

async function inspect(file: string, { json }: { json?: boolean }): Promise<void> {
  const forecaster = await Forecaster.load(file);
  const summary = forecaster.inspect();
  const { size } = await stat(file);
  if (json) printJson('inspect', { file, bytes: size, ...summary });
  else process.stdout.write(`${showSummary(file, size, summary, wantsColor(process.stdout))}\n`);
}

/** The summary for people. */
function showSummary(file: string, bytes: number, summary: ModelSummary, color: boolean): string {
  const { views, validation, verdict } = summary;
  return [
    printable(`${file} · ${formatNumber(bytes / 1000)} kB · format ${summary.formatVersion}`),
    facts(summary)
      .map(([name, text]) => printable(`${name.padEnd(12)} ${text}`))
      .join('\n'),
    ...(views.length > 0 ? [showViews(views, color)] : []),
    ...(Object.keys(validation.scores).length > 0 ? [showScores(summary, color)] : []),
    printable(verdict),
  ].join('\n\n');
}

function facts(summary: ModelSummary): [string, string][] {
  const { data, model, training, calibration, covariates, levels, horizon, seed } = summary;
  const shares = Object.entries(model.blend)
    .filter(([, share]) => share >= 0.005)
    .sort(([, a], [, b]) => b - a)
    .map(([name, share]) => `${Math.round(share * 100)} % ${name}`);
  const roles = (['past', 'future', 'static'] as const).filter((role) => covariates[role].length > 0);
  const effect = covariates.future.length > 0 && !summary.futureExplains ? ' (did not help, so not used)' : '';
  const factors = levels.map((level, i) => {
    // Factors are for the widest interval first.
    const own = calibration.factors[levels.length - 1 - i] ?? [];
    return `${level} % × ${own.map((factor) => factor.toFixed(2)).join(', ')}`;
  });
  const network = [
    `${model.cell}, ${plural(model.layers ?? 0, 'layer')} of ${plural(model.hiddenSize ?? 0, 'unit')}`,
    plural(model.members, 'network'),
  ];
  return [
    ['data', `${describeData({ data })} · column ${data.target}`],
    ['forecasts', `${plural(horizon, 'step')} · intervals of ${levels.join(', ')} % · seed ${seed}`],
    ...roles.map((role): [string, string] => [
      role,
      `${covariates[role].join(', ')}${role === 'future' ? effect : ''}`,
    ]),
    ['model', `${model.name}: ${shares.join(', ')}`],
    ...(model.cell === null ? [] : [['network', network.join(' · ')] as [string, string]]),
    ['training', describeTraining(training)],
    ['calibration', `${factors.join(' · ')} · from ${plural(calibration.points, 'error')}`],
  ];
}

function describeTraining({ stopped, updates, epochs, fallback }: ModelSummary['training']): string {
  if (stopped === 'none') return 'nothing to train';
  const short = fallback.length > 0 ? ` · ${fallback.length} series too short, forecast by the last value` : '';
  return `${plural(updates, 'update')} (${plural(epochs, 'epoch')}), stopped ${stopped === 'early' ? 'early' : 'as planned'}${short}`;
}

/** What holds the memory, and what its half-lives are measured on. */
const MEMORY: Readonly<Record<Memory['kind'], string>> = {
  'forget-gate': 'half-life of the forget gate, over the units',
  'update-gate': 'half-life of the update gate, over the units',
  leak: 'half-life of the leak, over the units',
  'recurrent-weights':
    'a plain RNN has no gates: half-life of a disturbance of the whole state, by the gain of its recurrent weights, over the networks',
};

function showViews(views: readonly ViewSummary[], color: boolean): string {
  const bySeason = views[0].memory.seasons !== null;
  const heads = [
    'networks that see',
    'share',
    'networks',
    'window',
    'beside',
    'parameters',
    'fastest',
    'median',
    'slowest',
  ];
  const rows = views.map(({ adjusted, scaled, share, members, window, extra, parameters, memory }): Cell[] => [
    `${adjusted ? 'no season' : 'the series'}${scaled ? ', in its own spread' : ''}`,
    `${Math.round(share * 100)} %`.padStart(5),
    members,
    window,
    extra,
    parameters,
    ...spread(memory.steps),
    ...(memory.seasons ? spread(memory.seasons).slice(1) : []),
  ]);
  const table = renderTable([...heads, ...(bySeason ? ['median/season', 'slowest/season'] : [])], rows, { color });
  const seasons = bySeason ? '; then in seasons' : '';
  return `${table}\n\nfastest, median, slowest: ${MEMORY[views[0].memory.kind]}, in steps on the fitted histories${seasons}`;
}

/** No more than three digits are meant. */
function spread({ fastest, median, slowest }: HalfLives): number[] {
  return [fastest, median, slowest].map((value) => Number(value.toPrecision(3)));
}

function showScores({ validation, model, levels }: ModelSummary, color: boolean): string {
  const rows = Object.entries(validation.scores).map(([name, { smape, mase, rmse, pinball }]): Cell[] => [
    name,
    smape,
    mase,
    rmse,
    pinball,
  ]);
  const own = rows.findIndex(([name]) => name === model.name);
  const table = renderTable(['model', 'sMAPE', 'MASE', 'RMSE', 'pinball'], rows, {
    color,
    ...(own >= 0 && { highlightRow: own }),
  });
  const inside = levels.map((level) => {
    const share = validation.coverage[String(level)];
    return `${level} % intervals held ${typeof share === 'number' ? `${(100 * share).toFixed(1)} %` : '–'}`;
  });
  return `${table}\n\n${[`over ${plural(validation.windows, 'rolling origin')} at the most`, ...inside].join(' · ')}`;
}

function plural(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}
