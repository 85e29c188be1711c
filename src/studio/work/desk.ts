/**
 * What the page can have done, in the worker: read a table, fit, forecast, back-test, save and open a model. There is one table and
 * one model at a time. What the window gets is small: figures, one series at a time, text to download.
 */
import {
  type BacktestFrame,
  describeFrame,
  Forecaster,
  type ForecastFrame,
  type ModelName,
  type NetworkReadings,
  observedOf,
  previewColumns,
  readSeries,
  backtest as runBacktest,
  type SeriesFrame,
} from '../../index-browser.js';
import { drawBacktest } from '../../plots/backtest-drawing.js';
import { drawForecast } from '../../plots/forecast-drawing.js';
import { backtestInChinese } from '../words/backtest-verdict-zh.js';
import { PICTURES_ZH } from '../words/pictures-zh.js';
import { verdictInChinese } from '../words/verdict-zh.js';
import type { Language } from '../words/words.js';
import type { Call, News } from './call.js';
import { countedFile } from './counted-file.js';
import { thinSeries } from './thin-series.js';
import type { BacktestView, FitRequest, ModelView, Roles, SeriesView, TableView } from './views.js';

/** Steps of a series that are looked at: some seasons, as many as a screen can show. */
const FEWEST_STEPS = 480;
const MOST_STEPS = 1600;

let frame: SeriesFrame | null = null;
let model: { readonly forecaster: Forecaster; readonly forecast: ForecastFrame; readonly baseline: string } | null =
  null;
/** The last back-test of the table. */
let scored: BacktestFrame | null = null;

/** The columns of a file, to choose from. */
export function preview(file: File) {
  return previewColumns(file, file.name);
}

/** Reads a table; what is not said is inferred. The model of another table is given up. */
export async function read(
  { file, roles, ahead }: { readonly file: File; readonly roles: Partial<Roles>; readonly ahead: File | null },
  { onProgress }: Call,
) {
  const source = countedFile(file, (bytes) => onProgress({ fraction: bytes / file.size }));
  frame = null;
  model = null;
  scored = null;
  frame = await readSeries(source, { source: file.name, ...said(roles), ...(ahead && { futureFile: ahead }) });
  return tableView(frame);
}

/** One series as it was observed, and forecast where there is a model of the table. */
export async function series(index: number): Promise<SeriesView> {
  if (model) return forecastView(model, index);
  if (!frame) throw new Error('there is no table');
  const { id } = frame.series[index];
  return { id, index, ...thinSeries(observedOf(frame, index)), forecast: null };
}

/** Fits the table and forecasts it. */
export async function fit(request: FitRequest, { signal, onProgress }: Call): Promise<ModelView> {
  if (!frame) throw new Error('there is no table');
  const forecaster = new Forecaster(request);
  await forecaster.fit(frame, { signal, onProgress: throttled(onProgress) });
  return keep(forecaster, signal);
}

/** Scores of several models on what came after earlier cutoffs. */
export async function backtest(
  { models, windows, ...options }: FitRequest & { readonly models: readonly ModelName[]; readonly windows: number },
  { signal, onProgress }: Call,
): Promise<BacktestView> {
  if (!frame) throw new Error('there is no table');
  const result = await runBacktest(frame, { ...options, models, windows, signal, onProgress: throttled(onProgress) });
  const { table, verdict, levels, horizon, season } = result;
  scored = result;
  const several = new Set(result.cuts.map((cut) => cut.series)).size > 1;
  return {
    scores: table,
    verdict,
    levels,
    horizon,
    season,
    windows: result.windows,
    several,
    test: result.test,
    csv: result.toCSV(),
  };
}

/** A model as it was saved, and its forecast. It brings its histories: no table is needed. */
export async function open(file: File, { signal }: Call): Promise<{ model: ModelView; table: TableView }> {
  const forecaster = await Forecaster.load(file);
  frame = null;
  const view = await keep(forecaster, signal);
  const { state } = forecaster;
  const table: TableView = {
    source: file.name,
    data: state.report.data,
    kind: state.axis.kind,
    roles: state.columns,
    series: state.histories.map(({ id, y }) => ({ id, length: y.length })),
  };
  return { model: view, table };
}

/** The model as the bytes of a safetensors file. */
export function save(): Uint8Array {
  return theModel().forecaster.toBytes();
}

/** The forecast as the command writes it. */
export function csv(): string {
  return theModel().forecast.toCSV();
}

/** The forecast as the command draws it, in the language of the reader. */
export function picture(language: Language): string {
  const { forecast, forecaster } = theModel();
  const { report } = forecaster.state;
  if (language === 'en') return drawForecast(forecast, report);
  return drawForecast(forecast, { data: report.data, verdict: verdictInChinese({ report }) }, PICTURES_ZH);
}

/** The last back-test as the command draws it, in the language of the reader. */
export function backtestPicture(language: Language): string {
  if (!scored) throw new Error('there is no back-test');
  if (language === 'en') return drawBacktest(scored);
  const { table, windows, test } = scored;
  return drawBacktest(scored, backtestInChinese({ scores: table, windows, test }), PICTURES_ZH);
}

/** The networks of the model, and what they read of one series: for looking inside. Empty where there are none. */
export function networks(index: number): NetworkReadings[] {
  const { forecaster } = theModel();
  const { histories, season } = forecaster.state;
  const steps = Math.min(MOST_STEPS, Math.max(FEWEST_STEPS, 3 * Math.max(season.length, ...season.longer)));
  return forecaster.networks({ series: [histories[index].id], steps });
}

/** Options without those that are left open. */
function said({ id, time, target, past, future, static: fixed }: Partial<Roles>) {
  return {
    ...(id && { id }),
    ...(time && { time }),
    ...(target && { target }),
    ...(past?.length && { past }),
    ...(future?.length && { future }),
    ...(fixed?.length && { static: fixed }),
  };
}

function theModel() {
  if (!model) throw new Error('there is no model');
  return model;
}

async function keep(forecaster: Forecaster, signal: AbortSignal): Promise<ModelView> {
  const { report, settings, season, axis } = forecaster.state;
  const forecast = await forecaster.predict({ signal });
  const baseline = season.length > 1 ? 'seasonal-naive' : 'naive';
  model = { forecaster, forecast, baseline };
  const { horizon, levels, seed } = settings;
  return { report, name: settings.model, horizon, levels, seed, baseline, kind: axis.kind };
}

function tableView(read: SeriesFrame): TableView {
  const { id, time, target } = read.names;
  return {
    source: read.source,
    data: describeFrame(read),
    kind: read.axis.kind,
    roles: { id, time, target, ...read.covariates },
    series: read.series.map((one) => ({ id: one.id, length: one.y.length })),
  };
}

/** The forecast of one series, with the naive one beside it. */
async function forecastView(
  { forecaster, forecast, baseline }: NonNullable<typeof model>,
  index: number,
): Promise<SeriesView> {
  const { horizon, levels, model: name, histories, times } = forecast;
  const { id, y } = histories[index];
  const values = (column: string) => forecast.valuesOf(column, index).slice();
  const naive = await naiveForecast(forecaster, index, baseline as ModelName);
  return {
    id,
    index,
    ...thinSeries({ time: forecast.historyTimes(index), y }),
    forecast: {
      time: times.slice(index * horizon, (index + 1) * horizon),
      median: values(name),
      bands: levels.map((level) => ({ level, lo: values(`${name}-lo-${level}`), hi: values(`${name}-hi-${level}`) })),
      baseline: naive,
    },
  };
}

/** The naive forecast of one series: that of a forecaster of its own, on what the model knows of it. */
async function naiveForecast({ state }: Forecaster, index: number, name: ModelName): Promise<Float64Array> {
  const { horizon } = state.settings;
  const { id, start, offset, y } = state.histories[index];
  const padded = new Float64Array(offset + y.length).fill(Number.NaN);
  padded.set(y, offset);
  const alone: SeriesFrame = {
    series: [{ id, start, y: padded, past: [], future: [], static: [] }],
    axis: state.axis,
    season: state.season.length,
    seasonSource: 'given',
    names: { id: null, time: null, target: 'y' },
    covariates: { past: [], future: [], static: [] },
    rows: y.length,
    missing: 0,
    source: 'the history',
  };
  // One thread, one short task: it is the plain forecast only.
  const naive = new Forecaster({ horizon, model: name, threads: 1, season: state.season.length });
  await naive.fit(alone);
  return (await naive.predict()).valuesOf(name, 0).slice();
}

/** Progress at the pace of a screen: each message costs the window some of its time. */
function throttled(tell: (news: News) => void): (news: News) => void {
  let last = 0;
  return (news) => {
    const now = performance.now();
    if (now - last < 40 && news.fraction < 1) return;
    last = now;
    tell(news);
  };
}
