/** What can be done on the page: each asks the worker, and sets the signals of the store by what it answers. */
import { batch } from '@preact/signals';
import type { ModelName, NetworkReadings } from '../index-browser.js';
import * as store from './store.js';
import type { Language } from './words/words.js';
import { CallError, callsTo, type Failure, type News } from './work/call.js';
import type * as desk from './work/desk.js';
import type { Roles } from './work/views.js';

type Desk = typeof desk;

let work: ReturnType<typeof callsTo<Desk>> | null = null;

/** The worker, started when it is first needed. */
function worker(): ReturnType<typeof callsTo<Desk>> {
  work ??= callsTo<Desk>(new Worker(new URL('./work/work-thread.ts', import.meta.url), { type: 'module' }));
  return work;
}

/** Starts the worker before it is needed, so that the first file is read at once. */
export function warmUp(): void {
  worker();
}

/** Opens a file of the user: a saved model by its first bytes, else a table. */
export async function openFile(file: File, roles: Partial<Roles> = {}): Promise<void> {
  if (await isModel(file)) return openModel(file);
  await during('read', async (progress) => {
    batch(() => {
      store.source.value = null;
      forget();
    });
    const columns = await worker().call('preview', file);
    store.source.value = { file, columns, roles, ahead: null };
    await readTable(progress);
  });
}

/** Reads the table again: other columns, or values of what is known ahead. */
export async function chooseRoles(roles: Partial<Roles>, ahead = store.source.value?.ahead ?? null): Promise<void> {
  const { source } = store;
  if (!source.value) return;
  source.value = { ...source.value, roles, ahead };
  await during('read', readTable);
}

async function readTable(progress: Progress): Promise<void> {
  const { file, roles, ahead } = store.source.value!;
  forget();
  const table = await worker().call('read', { file, roles, ahead }, progress);
  const first = await worker().call('series', 0);
  batch(() => {
    store.table.value = table;
    store.series.value = first;
    store.options.value = { ...store.options.value, horizon: usualHorizon(table.data.season, longest(table)) };
  });
}

/** Fits and forecasts. */
export async function fit(): Promise<void> {
  const { horizon, model, seed, budget } = store.options.value;
  await during('fit', async (progress) => {
    const fitted = await worker().call('fit', { horizon, model: model as ModelName, seed, budget }, progress);
    const seen = await worker().call('series', store.series.value?.index ?? 0);
    batch(() => {
      store.model.value = fitted;
      store.series.value = seen;
    });
  });
}

/** Scores models on the past. */
export async function runBacktest(models: readonly ModelName[]): Promise<void> {
  const { horizon, seed, budget, windows } = store.options.value;
  await during('backtest', async (progress) => {
    store.backtest.value = null;
    store.backtest.value = await worker().call('backtest', { horizon, seed, budget, windows, models }, progress);
  });
}

export async function openModel(file: File): Promise<void> {
  await during('open', async () => {
    batch(() => {
      store.source.value = null;
      forget();
    });
    const { model, table } = await worker().call('open', file);
    const first = await worker().call('series', 0);
    batch(() => {
      store.table.value = table;
      store.model.value = model;
      store.series.value = first;
      store.options.value = { ...store.options.value, horizon: model.horizon, model: model.name, seed: model.seed };
    });
  });
}

/** Looks at another series of the table. */
export async function select(index: number): Promise<void> {
  const seen = await worker().call('series', index);
  store.series.value = seen;
}

/** Stops what is being done. What reads a file cannot be asked to: its worker is ended. */
export function stop(): void {
  const { job } = store;
  if (job.value?.kind === 'fit' || job.value?.kind === 'backtest') work?.stop();
  else {
    work?.end();
    work = null;
  }
}

/** Gives everything up: the page as it was at first. */
export function startOver(): void {
  work?.end();
  work = null;
  batch(() => {
    store.source.value = null;
    store.problem.value = null;
    store.job.value = null;
    forget();
  });
  warmUp();
}

/** The model as a safetensors file. */
export const modelBytes = (): Promise<Uint8Array> => worker().call('save', undefined as never);
/** The networks of the model, and what they read of a series. */
export const networksOf = (index: number): Promise<NetworkReadings[]> => worker().call('networks', index);
/** The forecast as the command writes it. */
export const forecastCsv = (): Promise<string> => worker().call('csv', undefined as never);
/** Forecast and back-test as the command draws them, as SVG. */
export const forecastPicture = (language: Language): Promise<string> => worker().call('picture', language);
export const backtestPicture = (language: Language): Promise<string> => worker().call('backtestPicture', language);

function forget(): void {
  batch(() => {
    store.table.value = null;
    store.series.value = null;
    store.model.value = null;
    store.backtest.value = null;
  });
}

type Progress = (news: News) => void;

/** Runs work with its progress in `job` and its failure in `problem`. One at a time: what comes meanwhile is not begun. */
async function during(kind: store.Job['kind'], task: (progress: Progress) => Promise<void>): Promise<void> {
  if (store.job.value) return;
  const mine: store.Job = { kind, fraction: null, phase: '', losses: [], began: performance.now() };
  batch(() => {
    store.problem.value = null;
    store.job.value = mine;
  });
  const isMine = () => store.job.value?.began === mine.began;
  try {
    await task(({ fraction, loss = Number.NaN, phase = '', model = '' }) => {
      if (!isMine()) return;
      const { losses } = store.job.value!;
      const now = Number.isFinite(loss) ? [...losses, loss] : losses;
      store.job.value = { ...mine, fraction, phase: model || phase, losses: now };
    });
  } catch (error) {
    if (isMine()) store.problem.value = { ...failureOf(error), at: kind };
  } finally {
    if (isMine()) store.job.value = null;
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof CallError) return error.failure;
  return { kind: 'fault', code: 'internal_error', message: error instanceof Error ? error.message : String(error) };
}

/** A safetensors file begins with the length of its header, eight bytes, and a brace. */
async function isModel(file: File): Promise<boolean> {
  const head = new Uint8Array(await file.slice(0, 9).arrayBuffer());
  return (
    file.name.endsWith('.safetensors') || (head.length === 9 && head[6] === 0 && head[7] === 0 && head[8] === 0x7b)
  );
}

function longest({ series }: { readonly series: readonly { readonly length: number }[] }): number {
  return series.reduce((most, { length }) => Math.max(most, length), 0);
}

/** A season, or two short ones; a third of the history at the most. */
function usualHorizon(season: number, length: number): number {
  const wished = season <= 1 ? 12 : season < 10 ? 2 * season : Math.min(season, 48);
  return Math.max(1, Math.min(wished, Math.floor(length / 3)));
}
