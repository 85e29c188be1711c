/** Trainings killed outright, again and again, that resume from the file they wrote last, end in bit-identical weights. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('training-process.mjs', import.meta.url));
const TOTAL_STEPS = 40;

/**
 * Runs the training, and kills it `delayMs` after `steps` steps of this process were saved: anywhere in the step that
 * follows, or in the middle of writing.
 */
function train(engine, checkpoint, result, steps, delayMs) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, engine, checkpoint, result], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [lines, last, errors] = [0, 0, ''];
    child.stdout.setEncoding('utf8').on('data', (text) => {
      for (const line of text.split('\n').filter(Boolean)) {
        last = Number(line);
        if (++lines === steps) setTimeout(() => child.kill('SIGKILL'), delayMs);
      }
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      errors += text;
    });
    child.on('error', reject).on('close', (code, signal) => {
      if (code !== 0 && signal !== 'SIGKILL') reject(new Error(`exit ${code} ${signal}: ${errors}`));
      else resolve({ killed: signal === 'SIGKILL', last });
    });
  });
}

for (const engine of ['reference', 'wasm'])
  test(`on ${engine}`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'tidegate-kill-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const path = (name) => join(folder, name);
    const whole = await train(engine, path('whole-run'), path('whole'), Number.POSITIVE_INFINITY, 0);
    assert.deepEqual(whole, { killed: false, last: TOTAL_STEPS });

    const runs = [];
    do {
      // Delays from 0 to 12 ms: as long as a step or two and their files take.
      runs.push(await train(engine, path('killed-run'), path('killed'), 9, (runs.length * 3.7) % 12));
      assert.ok(runs.length <= TOTAL_STEPS, 'makes no progress');
    } while (runs.at(-1).killed);
    const kills = runs.length - 1;
    t.diagnostic(`killed after steps ${runs.slice(0, -1).map(({ last }) => last)}`);
    assert.ok(kills >= 2, `killed ${kills} times only`);
    assert.ok(readFileSync(path('killed')).equals(readFileSync(path('whole'))), 'the bytes differ');
  });
