/** What is looked at: a network, what happened in it, a step and a unit. */
import { batch, computed, signal } from '@preact/signals';
import type { NetworkReadings } from '../../../index-browser.js';
import { networksOf } from '../../actions.js';
import { labWorker } from '../../lab-worker.js';
import { messageOf } from '../../work/call.js';
import type { TracesView } from '../../work/lab-views.js';
import { byHalfLife } from './moment.js';

/** What keeps us from looking inside. */
export type Hindrance = 'no lstm' | 'too short';

export const networks = signal<readonly NetworkReadings[]>([]);
/** Which way of seeing the series, and which of its networks. */
export const choice = signal({ view: 0, member: 0 });
export const traces = signal<TracesView | null>(null);
export const hindrance = signal<Hindrance | null>(null);
/** What went wrong, in words. */
export const failure = signal<string | null>(null);

export const step = signal(0);
/** Null for the mean over all. */
export const unit = signal<number | null>(null);
export const playing = signal(false);

/** The series as the network reads it. */
export const reading = computed(() => networks.value[choice.value.view]?.sequences[0] ?? null);
/** Units from the top of the maps to the bottom. */
export const order = computed(() => (traces.value ? byHalfLife(traces.value) : []));

export function moveTo(to: number): void {
  const steps = traces.value?.steps ?? 1;
  step.value = Math.max(0, Math.min(steps - 1, Math.round(to)));
}

/** The unit so many rows further down the maps. */
export function moveUnit(by: number): void {
  const rows = order.value;
  const row = unit.value === null ? (by > 0 ? -1 : rows.length) : rows.indexOf(unit.value);
  unit.value = rows[Math.max(0, Math.min(rows.length - 1, row + by))] ?? null;
}

let asked = 0;

/** Looks at a series with the model of the page. */
export async function lookAt(index: number): Promise<void> {
  const mine = ++asked;
  await settle(mine, async () => {
    const found = await networksOf(index);
    if (mine !== asked) return;
    const view = found.reduce((best, one, i) => (one.share > found[best].share ? i : best), 0);
    const hindered = found[0]?.spec.cell !== 'lstm' ? 'no lstm' : found[0].sequences.length === 0 ? 'too short' : null;
    batch(() => {
      networks.value = found;
      choice.value = { view, member: 0 };
      hindrance.value = hindered;
    });
    if (!hindered) await trace(mine);
  });
}

/** Looks at another network. */
export async function choose(view: number, member: number): Promise<void> {
  const mine = ++asked;
  choice.value = { view, member };
  await settle(mine, () => trace(mine));
}

/** Forgets all, for there is no model. */
export function lookAway(): void {
  asked++;
  batch(() => {
    networks.value = [];
    traces.value = null;
    hindrance.value = null;
    failure.value = null;
    playing.value = false;
  });
}

async function trace(mine: number): Promise<void> {
  const { view, member } = choice.value;
  const { spec, members, sequences } = networks.value[view];
  const seen = await labWorker().call('traces', { network: { spec, tensors: members[member] }, x: sequences[0].x });
  if (mine !== asked) return;
  batch(() => {
    const first = traces.value === null;
    const another = seen.steps !== traces.value?.steps;
    traces.value = seen;
    // The unit with the longest memory tells the most. Who chose the mean keeps it.
    if (unit.value !== null || first) unit.value = byHalfLife(seen)[0];
    if (another) step.value = seen.steps - 1;
  });
}

/** What fails is told where it was asked for; what is no longer wanted is not. */
async function settle(mine: number, work: () => Promise<void>): Promise<void> {
  try {
    failure.value = null;
    await work();
  } catch (error) {
    if (mine !== asked) return;
    failure.value = messageOf(error);
  }
}
