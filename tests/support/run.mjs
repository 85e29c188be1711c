/** Runs the built command as a user would, in folders of its own. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import Papa from 'papaparse';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const cli = join(root, 'dist', 'cli', 'main.js');
export const airline = join(root, 'examples', 'airline-passengers.csv');
export const airlineText = readFileSync(airline, 'utf8');
/** The 144 values, read here without any code of ours. */
export const passengers = airlineText
  .trim()
  .split('\n')
  .slice(1)
  .map((row) => Number(row.split(',')[1]));

/** The surroundings of a pipe: nothing that forces or forbids colour. */
const { NO_COLOR: _no, FORCE_COLOR: _force, NODE_OPTIONS: _options, ...env } = process.env;

/** No command of these tests takes a tenth of it. */
const LONGEST_MS = 60_000;

const folders = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** An empty folder that is gone after the tests of this file. */
export function newFolder() {
  folders.push(mkdtempSync(join(tmpdir(), 'tidegate-e2e-')));
  return folders[folders.length - 1];
}

/** Starts the command; `ended` resolves to its status, signal and output. */
export function start(
  args,
  { cwd = root, command = [process.execPath, cli], extraEnv = {}, longestMs = LONGEST_MS } = {},
) {
  const child = spawn(command[0], [...command.slice(1), ...args], { cwd, env: { ...env, ...extraEnv } });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) child[name].setEncoding('utf8').on('data', (text) => (output[name] += text));
  // A command that reads no standard input may be gone before it is closed.
  child.stdin.on('error', () => {});
  // A command that hangs is to fail its test, not to hang it.
  const watchdog = setTimeout(() => child.kill('SIGKILL'), longestMs);
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => resolve({ status, signal, ...output }));
  }).finally(() => clearTimeout(watchdog));
  return { child, output, ended };
}

/** Runs the command to its end. */
export function run(args, { input = '', ...options } = {}) {
  const { child, ended } = start(args, options);
  child.stdin.end(input);
  return ended;
}

/** As run, for what must succeed. */
export async function succeed(args, options) {
  const result = await run(args, options);
  assert.equal(result.status, 0, `${args.join(' ')} ended with ${result.status}: ${result.stderr}`);
  return result;
}

/** Does independent work on all items, two at a time; results in the order of the items. */
export async function pairwise(items, work) {
  const results = [];
  const queue = items.entries();
  const take = async () => {
    for (const [i, item] of queue) results[i] = await work(item, i);
  };
  await Promise.all([take(), take()]);
  return results;
}

/** A forecast table as rows of text by column, checked for its frame: a header and full rows. */
export function parseTable(text) {
  const { data, errors, meta } = Papa.parse(text, { header: true, skipEmptyLines: true });
  assert.deepEqual(errors, []);
  return { columns: meta.fields, rows: data };
}

/** The median and every interval must lie inside each other. */
export function assertNested(rows, model, levels) {
  const descending = [...levels].sort((a, b) => b - a);
  const columns = [
    ...descending.map((level) => `${model}-lo-${level}`),
    model,
    ...descending.reverse().map((level) => `${model}-hi-${level}`),
  ];
  for (const row of rows) {
    const values = columns.map((name) => Number(row[name]));
    assert.ok(values.every(Number.isFinite), `${row.ds}: ${values}`);
    for (let i = 1; i < values.length; i++) assert.ok(values[i - 1] <= values[i], `${row.ds}: ${values}`);
  }
}

/** `1961-01-01`, `1961-02-01`, … */
export function monthStarts(year, count) {
  return Array.from({ length: count }, (_, k) => new Date(Date.UTC(year, k, 1)).toISOString().slice(0, 10));
}
