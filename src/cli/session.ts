import { printable } from './printable.js';
import { ProgressBar } from './progress.js';

/** What every command runs in: a signal for Ctrl-C, a place for remarks, a progress bar. */
export class Session {
  readonly #controller = new AbortController();
  readonly quiet: boolean;

  /** @param quiet no remarks and no progress */
  constructor(quiet: boolean) {
    this.quiet = quiet;
    process.on('SIGINT', this.#interrupt);
  }

  /** Fires at Ctrl-C. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** A line to standard error, unless quiet. Only text of ours and text made printable may be passed. */
  remark(line: string): void {
    if (!this.quiet) process.stderr.write(`${line}\n`);
  }

  /** Runs long work under a progress bar that is gone when it ends, however it ends. */
  async withProgress<T>(
    label: string,
    work: (report: (fraction: number, loss: number, phase: string) => void) => Promise<T>,
  ): Promise<T> {
    const bar = new ProgressBar({ label: printable(label), quiet: this.quiet });
    const began = performance.now();
    try {
      return await work((fraction, loss, phase) => {
        const elapsed = (performance.now() - began) / 1000;
        const etaSeconds = fraction > 0.02 ? (elapsed / fraction) * (1 - fraction) : Number.NaN;
        bar.update({ fraction, loss, phase, ...(Number.isFinite(etaSeconds) && { etaSeconds }) });
      });
    } finally {
      bar.stop();
    }
  }

  /** Ctrl-C stops the work; a second one stops the process at once. */
  readonly #interrupt = () => {
    if (this.#controller.signal.aborted) process.exit(130);
    this.#controller.abort();
  };
}
