/** The lab's jobs under one progress bar. */
import { type LabJob, type LabResult, runLabJobs } from '../lab-entry.js';
import type { Session } from './session.js';

/** What came of the jobs, in their order, and how long they took together. */
export interface LabRuns<J extends LabJob> {
  readonly runs: LabResult<J>[];
  readonly seconds: number;
}

/** Runs jobs in worker threads. @throws `interrupted` after Ctrl-C */
export async function runJobs<J extends LabJob>(
  label: string,
  jobs: readonly J[],
  nameOf: (job: J) => string,
  session: Session,
  threads: number | undefined,
): Promise<LabRuns<J>> {
  const began = performance.now();
  const fractions = new Float64Array(jobs.length);
  const runs = await session.withProgress(label, (report) =>
    runLabJobs(jobs, {
      ...{ threads, signal: session.signal },
      onProgress: (at, { fraction, loss }) => {
        fractions[at] = fraction;
        report(fractions.reduce((sum, part) => sum + part, 0) / jobs.length, loss, nameOf(jobs[at]));
      },
    }),
  );
  session.stopIfInterrupted();
  return { runs, seconds: (performance.now() - began) / 1000 };
}
