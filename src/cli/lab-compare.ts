import type { Command } from 'commander';
import { compareCells, comparisonJobs, type LabJob } from '../lab-entry.js';
import { engineUsed, printJson } from './json.js';
import { runJobs } from './lab-runs.js';
import { showCells, showSeries } from './lab-table.js';
import { wholeNumber } from './options.js';
import { Session } from './session.js';

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
  const jobs = comparisonJobs(Array.from({ length: Math.max(1, count) }, (_, k) => k + 1));
  const nameOf = (job: LabJob) => `${job.task}${job.kind === 'task' ? `, ${job.cell}` : ''}, seed ${job.seed}`;
  const { runs, seconds } = await runJobs('compare', jobs, nameOf, session, threads);
  const comparison = compareCells(runs);
  if (json) return printJson('lab compare', { engine: engineUsed(threads), seconds, ...comparison, runs });
  process.stdout.write(`${showCells(comparison.cells)}\n\n${showSeries(comparison.series)}\n`);
  session.remark(
    `${runs.length} runs in ${seconds.toFixed(0)} s. Medians; updates – where the median run did not solve the task.`,
  );
}
