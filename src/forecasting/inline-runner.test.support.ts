/** Task runners for tests: the work is done at once, in this thread. */
import { interruptedError } from '../errors.js';
import type { Host } from './forecaster.js';
import { runTask, type Task, type TaskRunner } from './tasks.js';

/** A runner that keeps what it was asked to do. `backwards` does the last task first, as a busy pool might. */
export class InlineRunner implements TaskRunner {
  readonly tasks: Task[] = [];
  closed = false;
  readonly #backwards: boolean;

  constructor(backwards = false) {
    this.#backwards = backwards;
  }

  run: TaskRunner['run'] = async (tasks, { signal, onProgress }) => {
    const results: unknown[] = new Array(tasks.length);
    const order = tasks.map((_, i) => (this.#backwards ? tasks.length - 1 - i : i));
    for (const i of order) {
      if (signal?.aborted) throw interruptedError();
      this.tasks.push(tasks[i]);
      results[i] = runTask(structuredClone(tasks[i]), (progress) => onProgress?.(i, progress));
    }
    return results as never;
  };

  close(): void {
    this.closed = true;
  }
}

/** A host that gives out inline runners and keeps them. */
export function inlineHost(
  backwards = false,
): Host & { readonly runners: InlineRunner[]; readonly threads: unknown[] } {
  const runners: InlineRunner[] = [];
  const threads: unknown[] = [];
  return {
    runners,
    threads,
    createRunner(count) {
      const runner = new InlineRunner(backwards);
      runners.push(runner);
      threads.push(count);
      return runner;
    },
  };
}
