/**
 * A progress line on a terminal: label, bar, percentage, what is going on, loss and time left.
 *   auto ━━━━━━━━━━━━───────────────── 42 %  epoch 12 · loss 0.0831 · 8 s left
 */
import { type Options, SingleBar } from 'cli-progress';
import { formatNumber } from './format-number.js';
import { printable } from './printable.js';

/** What is known of the work's progress; what is left out keeps its last value. */
export interface ProgressUpdate {
  /** Part done, 0…1. */
  readonly fraction?: number;
  /** NaN where nothing is trained: then none is shown. */
  readonly loss?: number;
  readonly etaSeconds?: number;
  /** A few words on what is being done. */
  readonly phase?: string;
}

/** How to show progress. */
export interface ProgressOptions {
  readonly label: string;
  /** Show nothing. Default: false. */
  readonly quiet?: boolean;
  /** Default: process.stderr. Nothing is ever written to one that is no terminal. */
  readonly stream?: NodeJS.WritableStream & { readonly isTTY?: boolean };
  /** Default: process.env; with `TERM=dumb` nothing is shown. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * A progress line that exists from the first update until stop(), which clears it. Call stop() in a `finally`: the
 * line keeps a timer, and so the process, alive. It hides no cursor and takes no signal, so a kill leaves no mess.
 */
export class ProgressBar {
  readonly #label: string;
  readonly #bar: SingleBar | undefined;
  #state: ProgressUpdate = {};
  #started = false;

  constructor(options: ProgressOptions) {
    const { label, quiet = false, stream = process.stderr, env = process.env } = options;
    this.#label = printable(label, 24);
    if (quiet || stream.isTTY !== true || env.TERM === 'dumb') return;
    const settings: Options = {
      stream,
      format: (_, { maxWidth }) => progressLine(this.#label, this.#state, maxWidth),
      clearOnComplete: true,
      hideCursor: null,
      linewrap: true, // to cli-progress this means: leave the terminal's setting alone and cut what is too long
      gracefulExit: false,
      emptyOnZero: true,
    };
    this.#bar = new SingleBar(settings);
  }

  /** Shows news. Cheap: the line is drawn at most ten times a second. */
  update(update: ProgressUpdate): void {
    if (!this.#bar) return;
    this.#state = { ...this.#state, ...update };
    if (this.#started) {
      this.#bar.update(this.#state.fraction ?? 0);
      return;
    }
    this.#started = true;
    this.#bar.start(1, this.#state.fraction ?? 0);
  }

  /** Clears the line. May be called twice, and before any update; a later update starts a new line. */
  stop(): void {
    if (!this.#started) return;
    this.#started = false;
    this.#bar?.stop();
  }
}

/** The line for a terminal of `width` columns, one of which stays free: a full last column wraps on some. */
export function progressLine(label: string, update: ProgressUpdate, width: number): string {
  const fraction = Math.min(1, Math.max(0, update.fraction ?? 0)) || 0;
  const notes = [
    update.phase === undefined || update.phase === '' ? [] : printable(update.phase, 40),
    update.loss === undefined || Number.isNaN(update.loss) ? [] : `loss ${formatNumber(update.loss)}`,
    update.etaSeconds === undefined || !Number.isFinite(update.etaSeconds)
      ? []
      : `${formatDuration(update.etaSeconds)} left`,
  ].flat();
  const percent = `${Math.floor(fraction * 100)} %`.padStart(5);
  const tail = `${percent}${notes.length > 0 ? `  ${notes.join(' · ')}` : ''}`;
  const room = width - 1 - label.length - 2 - tail.length;
  const barWidth = Math.min(30, room);
  const bar = barWidth >= 5 ? `${drawBar(fraction, barWidth)} ` : '';
  return `${label} ${bar}${tail}`.slice(0, Math.max(0, width - 1));
}

function drawBar(fraction: number, width: number): string {
  const full = Math.round(fraction * width);
  return '━'.repeat(full) + '─'.repeat(width - full);
}

/** `8 s`, `1 min 20 s`, `2 h 05 min`: the two units that matter. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${`${whole % 60}`.padStart(2, '0')} s`;
  const minutes = Math.floor(whole / 60);
  return `${Math.floor(minutes / 60)} h ${`${minutes % 60}`.padStart(2, '0')} min`;
}
