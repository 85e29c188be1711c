/**
 * What the page knows, as signals. Every view reads them and is drawn anew when they change; `actions.ts` alone sets them.
 *
 * For a view (`views/<name>/`), in short:
 *   table.value      the table that is open: its columns, span, season and series, or null
 *   series.value     the series that is looked at: times and values, and its forecast if there is a model; null without a table
 *   model.value      the fitted model: its report, horizon and levels; null before a fit and after another table is opened
 *   modelBytes()     that model as a safetensors file (weights, states, histories), from the worker that holds it (actions.ts)
 *   select(index)    looks at another series of the table (actions.ts)
 *   words.value      the words of the page in the chosen language (words/words.ts)
 * A view gets no properties, and does heavy work in a worker of its own, started by
 * `new Worker(new URL('./x-thread.ts', import.meta.url), { type: 'module' })` and asked by `callsTo` and `serveCalls` (work/call.ts):
 * no task of the window may take 100 ms. It is a component
 * that is the default export of `views/<name>/<name>-view.tsx`, loaded when its tab is first opened (shell.tsx).
 */
import { computed, signal } from '@preact/signals';
import type { ColumnPreview } from '../index-browser.js';
import type { Failure } from './work/call.js';
import type { BacktestView, ModelView, Roles, SeriesView, TableView } from './work/views.js';

/** The file that was chosen, and its columns; there may be no table of it yet, if it must be said which column is which. */
export const source = signal<{
  readonly file: File;
  readonly columns: readonly ColumnPreview[];
  readonly roles: Partial<Roles>;
  /** Values of future covariates. */
  readonly ahead: File | null;
} | null>(null);

export const table = signal<TableView | null>(null);
export const series = signal<SeriesView | null>(null);
export const model = signal<ModelView | null>(null);
export const backtest = signal<BacktestView | null>(null);

/** What is being done, with what it has told so far. */
export interface Job {
  readonly kind: 'read' | 'fit' | 'backtest' | 'open';
  /** 0…1; null while it is not known. */
  readonly fraction: number | null;
  /** `validate`, `train`, or the model of a back-test. */
  readonly phase: string;
  /** Mean training losses as they were told, oldest first. */
  readonly losses: readonly number[];
  readonly began: number;
}
export const job = signal<Job | null>(null);
export const busy = computed(() => job.value !== null);

/** What went wrong last, shown where it was asked for. */
export const problem = signal<(Failure & { readonly at: Job['kind'] }) | null>(null);

/** What the next fit is to be. */
export const options = signal({ horizon: 12, model: 'auto' as string, seed: 1, budget: 60, windows: 3 });
