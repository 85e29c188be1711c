import { interruptedError } from '../errors.js';
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

  /** A line to standard error, unless quiet; made safe to show, since it may carry words out of data or a model file. */
  remark(line: string): void {
    if (!this.quiet) process.stderr.write(`${printable(line)}\n`);
  }

  /** To be called before results are kept: after Ctrl-C none are. @throws `interrupted` */
  stopIfInterrupted(): void {
    if (this.signal.aborted) throw interruptedError();
  }

  /** Waits for work that takes no signal, such as reading; at Ctrl-C it waits no longer. @throws `interrupted` */
  async unlessInterrupted<T>(work: Promise<T>): Promise<T> {
    this.stopIfInterrupted();
    const interrupted = new Promise<never>((_, reject) => {
      this.signal.addEventListener('abort', () => reject(interruptedError()), { once: true });
    });
    return Promise.race([work, interrupted]);
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
