/** Ctrl-C: status 130, soon, and nothing half done. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { newFolder, start } from './support/run.mjs';

const skip = process.platform === 'win32' && 'a signal cannot be sent on Windows';

/** Minutes of training: many series of hours. */
function longWork() {
  const rows = ['unique_id,ds,y'];
  for (let s = 0; s < 300; s++)
    for (let t = 0; t < 400; t++) {
      const ds = new Date(Date.UTC(2024, 0, 1, t)).toISOString().slice(0, 16);
      rows.push(`shop ${s},${ds},${100 + s + 20 * Math.sin((t * Math.PI) / 12) + ((t * 7919 + s * 104729) % 13)}`);
    }
  return `${rows.join('\n')}\n`;
}

/** Signals the running command and checks how it ends. */
async function interrupt({ child, ended }) {
  assert.equal(child.exitCode, null, 'still at work');
  const began = performance.now();
  child.kill('SIGINT');
  const result = await ended;
  const seconds = (performance.now() - began) / 1000;
  const stderr = 'interrupted: stopped before the end; nothing was written\n';
  assert.deepEqual(result, { status: 130, signal: null, stdout: '', stderr });
  assert.ok(seconds < 3, `took ${seconds} s to end`);
}

for (const [command, output] of [
  ['forecast', '--out'],
  ['fit', '--save'],
  ['backtest', '--out'],
])
  test(`${command}, in the middle of training`, { skip }, async () => {
    const cwd = newFolder();
    const file = output === '--out' ? 'old.csv' : 'old.safetensors';
    writeFileSync(join(cwd, file), 'what was there before');
    const args = [command, '-', '--horizon', '24', '--budget', '10m', '--model', 'lstm', output, file];
    const running = start(args, { cwd });
    await new Promise((resolve) => running.child.stdin.end(longWork(), resolve));
    // The data is read: what follows is training, for minutes.
    await wait(1500);
    await interrupt(running);
    assert.deepEqual(readdirSync(cwd), [file]);
    assert.equal(readFileSync(join(cwd, file), 'utf8'), 'what was there before');
  });

test('while waiting for standard input', { skip }, async () => {
  const cwd = newFolder();
  const running = start(['forecast', '-', '--horizon', '2', '--out', 'new.csv'], { cwd });
  // More than a pipe holds: when it is taken, the command is reading. The input stays open.
  const rows = Array.from({ length: 50_000 }, (_, t) => `${t},${t % 7}`);
  await new Promise((resolve) => running.child.stdin.write(`ds,y\n${rows.join('\n')}\n`, resolve));
  await wait(200);
  await interrupt(running);
  assert.deepEqual(readdirSync(cwd), []);
});
