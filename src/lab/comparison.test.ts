import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareCells, comparisonGates, comparisonJobs } from './comparison.js';
import type { LabJob } from './jobs.js';
import type { SeriesRun } from './tasks/series-task.js';
import { CELL_NAMES } from './training/cells.js';
import { settleRun, type TaskRun, taskNamed } from './training/run.js';

/** What a job would give if it were solved after 100 updates, or never; series with an error of `nrmse`. */
function resultOf(job: LabJob, solved: boolean, nrmse: number): TaskRun | SeriesRun {
  const { task, seed } = job;
  if (job.kind === 'series') {
    const simple = { name: 'simple', nrmse: 0.4 };
    return {
      task,
      what: '',
      seed,
      reservoirSize: job.reservoirSize,
      nrmse,
      simple,
      seconds: 1,
      shown: { truth: [], output: [] },
    };
  }
  const { length } = taskNamed(task);
  const share = task === 'embedded-reber' || task === 'temporal-order';
  return {
    ...{
      task,
      seed,
      cell: job.cell,
      length: job.length ?? length,
      hiddenSize: 32,
      goal: 0.01,
      memoryless: 0.2,
      seconds: 1,
    },
    measure: share ? 'share right' : 'MSE',
    solved: solved ? { updates: 100, sequences: 6400 } : null,
    best: solved === share ? 1 : 0.001,
    curve: [],
  };
}

test('every job of the table is in order, with three seeds; the short form stands beside the complete one in every task', () => {
  const jobs = comparisonJobs();
  const cellsOf = new Map<string, Set<string>>();
  for (const job of jobs) {
    if (job.kind !== 'task') continue;
    settleRun(job);
    const key = `${job.task} ${job.length}`;
    cellsOf.set(key, (cellsOf.get(key) ?? new Set()).add(job.cell));
  }
  assert.equal(jobs.length % 3, 0);
  for (const [key, cells] of cellsOf)
    assert.ok(cells.has('lstm-short') && [...cells].some((cell) => /^lstm(-chrono)?$/.test(cell)), key);
  assert.deepEqual(new Set([...cellsOf.values()].flatMap((cells) => [...cells])), new Set(CELL_NAMES));
});

test('gates: all hold where gates solve and plain networks do not, none where it is the other way round', () => {
  const jobs = comparisonJobs();
  const gated = (job: LabJob) => job.kind === 'task' && /^(gru|lstm)/.test(job.cell) && job.cell !== 'lstm-short';
  const good = comparisonGates(compareCells(jobs.map((job) => resultOf(job, gated(job), 5e-5))));
  assert.deepEqual(
    good.filter(({ ok }) => !ok),
    [],
  );
  const bad = comparisonGates(compareCells(jobs.map((job) => resultOf(job, !gated(job), 0.5))));
  assert.deepEqual(
    bad.filter(({ ok }) => ok),
    [],
  );
  assert.ok(good.length >= 13);
});
