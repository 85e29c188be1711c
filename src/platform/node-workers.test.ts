import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { TidegateError } from '../errors.js';
import { serveTasks, ThreadPool } from './node-workers.js';

const folder = mkdtempSync(join(tmpdir(), 'tidegate-workers-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A worker that does what its task says: the tests' only script. */
const script = pathToFileURL(join(folder, 'worker.mjs'));
writeFileSync(
  script,
  `import { threadId } from 'node:worker_threads';
   import { inputError } from ${JSON.stringify(new URL('../errors.js', import.meta.url).href)};
   import { serveTasks } from ${JSON.stringify(new URL('./node-workers.js', import.meta.url).href)};
   serveTasks((task, report) => {
     for (const note of task.notes ?? []) report(note);
     const until = Date.now() + (task.ms ?? 0);
     while (Date.now() < until);
     if (task.endless) for (;;);
     if (task.fail) throw new RangeError(task.fail);
     if (task.refuse) throw inputError('bad_task', task.refuse);
     if (task.raw) throw task.raw;
     if (task.exit !== undefined) process.exit(task.exit);
     if (task.uncloneable) return () => {};
     return { echo: task.echo, thread: threadId };
   });`,
);

const pools: ThreadPool[] = [];
const pool = (threads?: number, of = script) => {
  pools.push(new ThreadPool(of, threads));
  return pools[pools.length - 1];
};
afterEach(() => {
  for (const used of pools.splice(0)) used.close();
});

type Answer = { echo: unknown; thread: number };

test('results stand in the order of the tasks, whichever was done first', async () => {
  const tasks = [60, 0, 30, 0, 0, 10].map((ms, echo) => ({ ms, echo }));
  for (const threads of [1, 2, 6]) {
    const answers = (await pool(threads).run(tasks)) as Answer[];
    assert.deepEqual(
      answers.map(({ echo }) => echo),
      [0, 1, 2, 3, 4, 5],
    );
    assert.ok(new Set(answers.map(({ thread }) => thread)).size <= threads);
  }
});

test('two tasks that wait run beside each other, on threads that are used again', async () => {
  const used = pool(2);
  const threadsOf = async () =>
    ((await used.run([{ ms: 80 }, { ms: 80 }])) as Answer[]).map(({ thread }) => thread).sort();
  const first = await threadsOf();
  assert.notEqual(first[0], first[1]);
  assert.deepEqual(await threadsOf(), first);
});

test('no tasks, no workers', async () => {
  assert.deepEqual(await pool(2, new URL('file:///nowhere/none.mjs')).run([]), []);
});

test('a second run must wait for the first', async () => {
  const used = pool(2);
  const first = used.run([{ ms: 20, echo: 'first' }]);
  await assert.rejects(used.run([{}]), /busy/);
  assert.equal(((await first) as Answer[])[0].echo, 'first');
  assert.equal(((await used.run([{ echo: 'second' }])) as Answer[])[0].echo, 'second');
});

test('progress arrives with its task, in order and before the result', async () => {
  const heard: [number, unknown][] = [];
  const tasks = [{ notes: ['a', 'b'], ms: 20 }, { notes: [{ loss: 0.5 }] }];
  await pool(2).run(tasks, { onProgress: (task, note) => heard.push([task, note]) });
  assert.deepEqual(
    heard.filter(([task]) => task === 0).map(([, note]) => note),
    ['a', 'b'],
  );
  assert.deepEqual(
    heard.filter(([task]) => task === 1).map(([, note]) => note),
    [{ loss: 0.5 }],
  );
});

test('what a task throws reaches the caller, and the others are ended', async () => {
  const used = pool(2);
  const began = performance.now();
  await assert.rejects(used.run([{ endless: true }, { fail: 'no such level' }, {}]), {
    name: 'RangeError',
    message: 'no such level',
    stack: /worker\.mjs/,
  });
  assert.ok(performance.now() - began < 5000);
  const [answer] = (await used.run([{ echo: 'still here' }])) as Answer[];
  assert.equal(answer.echo, 'still here');
});

test('errors of ours stay errors of ours, and what is no error becomes one', async () => {
  await assert.rejects(pool(1).run([{ refuse: 'give another' }]), (error) => {
    assert.ok(error instanceof TidegateError);
    assert.deepEqual([error.kind, `${error}`], ['input', 'bad_task: give another']);
    return true;
  });
  await assert.rejects(pool(1).run([{ raw: 'mere text' }]), { message: 'mere text' });
});

test('a worker that ends, cannot start or answers what cannot be sent is an error, not silence', async () => {
  await assert.rejects(pool(1).run([{ exit: 7 }]), /ended with code 7/);
  await assert.rejects(pool(1).run([{ uncloneable: true }]), { name: 'DataCloneError' });
  await assert.rejects(pool(1).run([{ echo: () => {} }]), { name: 'DataCloneError' });
  await assert.rejects(pool(1, new URL('file:///nowhere/none.mjs')).run([{}]), { code: /MODULE_NOT_FOUND/ });
});

test('an abort ends the run at once, even in the middle of an endless task', async () => {
  const stop = new AbortController();
  const run = pool(2).run([{ endless: true, notes: ['begun'] }, { endless: true }, {}], {
    signal: stop.signal,
    onProgress: () => stop.abort(),
  });
  await assert.rejects(run, { kind: 'interrupted', code: 'interrupted' });
});

test('an abort before the start starts nothing; one after the end changes nothing', async () => {
  const stop = new AbortController();
  const used = pool(1);
  const done = await used.run([{ echo: 1 }], { signal: stop.signal });
  stop.abort();
  assert.equal((done as Answer[])[0].echo, 1);
  await assert.rejects(used.run([{}], { signal: stop.signal }), { kind: 'interrupted' });
  assert.equal(((await used.run([{ echo: 2 }])) as Answer[])[0].echo, 2);
});

test('serveTasks needs a worker thread', () => {
  assert.throws(() => serveTasks(() => 0), /worker thread/);
});

test('a process with idle workers ends by itself, one with work waits for it, one aborted ends', () => {
  const program = (body: string) => `
    import { ThreadPool } from ${JSON.stringify(new URL('./node-workers.js', import.meta.url).href)};
    const pool = new ThreadPool(new URL(${JSON.stringify(script.href)}), 2);
    ${body}`;
  const run = (body: string) => {
    const { status, signal, stdout, stderr } = spawnSync(
      process.execPath,
      ['--input-type=module', '-e', program(body)],
      { encoding: 'utf8', timeout: 20_000 },
    );
    return { status, signal, stdout, stderr };
  };
  const ends = (stdout: string) => ({ status: 0, signal: null, stdout, stderr: '' });
  // No close(): the workers are still there, and idle.
  assert.deepEqual(run('const [a] = await pool.run([{ echo: "x" }]); process.stdout.write(a.echo);'), ends('x'));
  assert.deepEqual(
    run('pool.run([{ ms: 200 }, {}]).then((all) => process.stdout.write(String(all.length)));'),
    ends('2'),
  );
  assert.deepEqual(
    run(`const signal = AbortSignal.timeout(300);
      const wait = setTimeout(() => {}, 300);
      pool.run([{ endless: true }], { signal }).catch(({ code }) => process.stdout.write(code));`),
    ends('interrupted'),
  );
});
