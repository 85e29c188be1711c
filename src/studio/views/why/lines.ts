/** The lines of the gradient picture: one as the knobs stand, and those that were kept to compare with it. */
import { batch, computed, signal } from '@preact/signals';
import { labWorker } from '../../lab-worker.js';
import { messageOf } from '../../work/call.js';
import type { GradientView } from '../../work/lab-views.js';
import { type CellForm, untrainedCell } from './cell-form.js';
import { keepUp } from './keep-up.js';

/** As the knobs stand. */
export const form = signal<CellForm>({
  ...{ kind: 'lstm', start: 'uniform', forgetBias: 1, chrono: false, hiddenSize: 64 },
});
/** Steps back, for all lines. */
export const lag = signal(100);
/** Steps back that are pointed at in the picture, if any; and those at which the lines are read. */
export const pointedAt = signal<number | null>(null);
export const readAt = computed(() => Math.min(pointedAt.value ?? lag.value, lag.value));
export const showShort = signal(true);
export const failure = signal<string | null>(null);

/** Number 0 is the line of the knobs; each that is kept has a number of its own, which is its hue. */
interface Wanted {
  readonly id: number;
  readonly form: CellForm;
}
/** Hues that there are for lines that are kept. */
export const MOST_KEPT = 4;

const kept = signal<readonly Wanted[]>([{ id: 1, form: { ...form.value, kind: 'rnn' } }]);
export const mayKeep = computed(() => kept.value.length < MOST_KEPT);

/** What the lab has measured: of a form that the knobs may have left meanwhile. */
export interface Line extends Wanted, GradientView {
  readonly lag: number;
}
const measured = signal<ReadonlyMap<number, Line>>(new Map());

const wanted = computed((): readonly Wanted[] => [{ id: 0, form: form.value }, ...kept.value]);
/** Lines that can be drawn, that of the knobs first. */
export const lines = computed(() => wanted.value.flatMap(({ id }) => measured.value.get(id) ?? []));

const isMeasured = ({ id, form }: Wanted) => {
  const line = measured.value.get(id);
  return line?.lag === lag.value && JSON.stringify(line.form) === JSON.stringify(form);
};

const measure = keepUp(
  () => wanted.value.find((one) => !isMeasured(one)),
  async ({ id, form }: Wanted) => {
    const request = { cell: untrainedCell(form), hiddenSize: form.hiddenSize, lag: lag.value };
    const view = await labWorker().call('gradient', request);
    measured.value = new Map(measured.value).set(id, { id, form, lag: request.lag, ...view });
  },
);

/** Measures what the knobs ask for. */
export function follow(): void {
  failure.value = null;
  measure().catch((error) => {
    failure.value = messageOf(error);
  });
}

export function turn(change: Partial<CellForm>): void {
  form.value = { ...form.value, ...change };
  follow();
}

export function setLag(steps: number): void {
  lag.value = steps;
  follow();
}

/** Keeps the line of the knobs as it is. */
export function keepLine(): void {
  const free = Array.from({ length: MOST_KEPT }, (_, k) => k + 1).find((id) =>
    kept.value.every((one) => one.id !== id),
  );
  if (free === undefined) return;
  batch(() => {
    const line = measured.value.get(0);
    if (line) measured.value = new Map(measured.value).set(free, { ...line, id: free });
    kept.value = [...kept.value, { id: free, form: form.value }];
  });
  follow();
}

export function dropLine(id: number): void {
  kept.value = kept.value.filter((one) => one.id !== id);
}
