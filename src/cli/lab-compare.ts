import type { Command } from 'commander';
import { engineInfo } from '../index.js';
import { compareCells, comparisonJobs, type LabJob, runLabJobs } from '../lab-entry.js';
import { showCells, showSeries } from './lab-table.js';
import { wholeNumber } from './options.js';
import { Session } from './session.js';
import { threadCount, version } from './version.js';

interface CompareFlags {
  readonly seeds?: number;
  readonly threads?: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** `tidegate lab compare` */
export function addCompare(lab: Command): void {
  lab
    .command('compare')
    .description('the whole table: every cell on every kind of task, some minutes on two processors')
    .option('--seeds <count>', 'how often each is run (default: 3)', wholeNumber)
    .option('--threads <count>', 'worker threads (default: all processors); never changes the result', wholeNumber)
    .option('--json', 'print one JSON object with every run and the summaries')
    .option('-q, --quiet', 'no progress and no remarks')
    .addHelpText(
      'after',
      '\nOne task alone: tidegate lab task adding --compare. What the tasks are: tidegate lab task --help',
    )
    .action(compare);
}

async function compare({ seeds: count = 3, threads, json, quiet }: CompareFlags): Promise<void> {
  const session = new Session(Boolean(quiet || json));
  const began = performance.now();
  const jobs = comparisonJobs(Array.from({ length: Math.max(1, count) }, (_, k) => k + 1));
  const fractions = new Float64Array(jobs.length);
  const told = (job: LabJob) => `${job.task}${job.kind === 'task' ? `, ${job.cell}` : ''}, seed ${job.seed}`;
  const runs = await session.withProgress('compare', (report) =>
    runLabJobs(jobs, {
      ...{ threads, signal: session.signal },
      onProgress: (at, { fraction, loss }) => {
        fractions[at] = fraction;
        report(fractions.reduce((sum, part) => sum + part, 0) / jobs.length, loss, told(jobs[at]));
      },
    }),
  );
  session.stopIfInterrupted();
  const seconds = (performance.now() - began) / 1000;
  const comparison = compareCells(runs);
  if (json) {
    const engine = { tier: engineInfo().tier, threads: threadCount(threads) };
    process.stdout.write(
      `${JSON.stringify({ command: 'lab compare', version, engine, seconds, ...comparison, runs })}\n`,
    );
    return;
  }
  process.stdout.write(`${showCells(comparison.cells)}\n\n${showSeries(comparison.series)}\n`);
  session.remark(
    `${runs.length} runs in ${seconds.toFixed(0)} s. Medians; updates – where the median run did not solve the task.`,
  );
}
