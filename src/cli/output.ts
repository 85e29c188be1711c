import { stat } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { usageError } from '../errors.js';
import type { FitReport, ForecastFrame } from '../index.js';
import { writeFileAtomic } from '../platform/node.js';
import { type ForecastPanel, forecastPlot, MAX_PANELS } from '../plots/forecast-plot.js';
import type { OutputFlags } from './options.js';

const TABLE_FORMATS: Readonly<Record<string, (forecast: ForecastFrame) => string>> = {
  '.csv': (forecast) => forecast.toCSV(),
  '.json': (forecast) => `${JSON.stringify(forecast.toRows(), null, 1)}\n`,
  '.ndjson': (forecast) =>
    forecast
      .toRows()
      .map((row) => `${JSON.stringify(row)}\n`)
      .join(''),
};
const PICTURE_FORMATS: Readonly<Record<string, (svg: string) => string>> = {
  '.svg': (svg) => svg,
  '.html': (svg) =>
    `<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>Forecast</title>\n<body style="margin:2rem auto;max-width:70rem">\n${svg.replace(/^<\?xml[^>]*>\s*/, '')}\n</body>\n</html>\n`,
};

/** Refuses file names that could not be written at the end, before any work is done. */
export async function checkOutputs({ out, plot }: OutputFlags, save?: string): Promise<void> {
  checkExtension('--out', out, Object.keys(TABLE_FORMATS));
  checkExtension('--plot', plot, Object.keys(PICTURE_FORMATS));
  checkExtension('--save', save, ['.safetensors']);
  for (const path of [out, plot, save]) {
    if (path === undefined) continue;
    const folder = dirname(path);
    const isFolder = async (name: string) => (await stat(name).catch(() => null))?.isDirectory() === true;
    if (await isFolder(path))
      throw usageError('is_a_directory', `${path} is a folder; a file name is needed. Add one to the path.`);
    if (!(await isFolder(folder)))
      throw usageError('folder_not_found', `${path}: there is no folder ${folder}. Make it, or name another file.`);
  }
}

/** Writes what was asked for: the table file, then the picture. Each is written whole or not at all. */
export async function writeOutputs(
  { out, plot }: OutputFlags,
  forecast: ForecastFrame,
  report: FitReport,
): Promise<void> {
  if (out !== undefined) await writeFileAtomic(out, TABLE_FORMATS[extname(out).toLowerCase()](forecast));
  if (plot !== undefined)
    await writeFileAtomic(plot, PICTURE_FORMATS[extname(plot).toLowerCase()](picture(forecast, report)));
}

function checkExtension(option: string, path: string | undefined, known: readonly string[]): void {
  if (path === undefined || known.includes(extname(path).toLowerCase())) return;
  throw usageError(
    'unknown_format',
    `${option} ${path}: the name must end in ${known.join(', ')}. For example forecast${known[0]}.`,
  );
}

function picture(forecast: ForecastFrame, { data, verdict }: FitReport): string {
  const { model, horizon } = forecast;
  const panels = forecast.histories.map(({ id, y }, s): ForecastPanel => {
    // A panel past the last is only counted.
    const shown = s < MAX_PANELS;
    return {
      id,
      history: shown ? { time: forecast.historyTimes(s), y } : { time: [], y: [] },
      forecast: {
        time: forecast.times.subarray(s * horizon, (s + 1) * horizon),
        median: forecast.valuesOf(model, s),
        bands: forecast.levels.map((level) => ({
          level,
          lo: forecast.valuesOf(`${model}-lo-${level}`, s),
          hi: forecast.valuesOf(`${model}-hi-${level}`, s),
        })),
      },
    };
  });
  const what = panels.length === 1 ? panels[0].id : `${panels.length} series`;
  return forecastPlot({
    title: `${what}: the next ${horizon} ${stepName(forecast)}${horizon === 1 ? '' : 's'}`,
    // The first sentence: what was done and how good it is.
    subtitle: verdict.split(/(?<=\.) (?=[a-zA-Z])/)[0],
    timeKind: forecast.axis.kind,
    valueLabel: data.target,
    model,
    panels,
  });
}

/** What one step of the forecast is, in a word. */
function stepName({ axis: { freq } }: ForecastFrame): string {
  return freq.multiple === 1 ? freq.unit.replace('-', ' ') : 'step';
}
