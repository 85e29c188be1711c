import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { formatDuration, ProgressBar, progressLine } from './progress.js';

/** A stream that keeps what is written, as a terminal of 80 columns or as a pipe. */
class Sink extends Writable {
  readonly isTTY: boolean;
  readonly columns = 80;
  text = '';

  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

test('the line shows label, bar, percentage, phase, loss and time left', () => {
  const line = progressLine('auto', { fraction: 0.5, phase: 'epoch 12', loss: 0.083125, etaSeconds: 8 }, 80);
  assert.equal(line, `auto ${'━'.repeat(15)}${'─'.repeat(15)}  50 %  epoch 12 · loss 0.083125 · 8 s left`);
  assert.equal(progressLine('auto', {}, 80), `auto ${'─'.repeat(30)}   0 %`);
});

test('the line always fits, the bar shrinking first', () => {
  const update = { fraction: 0.999, phase: 'refitting on everything', loss: 1.5, etaSeconds: 4000 };
  for (let width = 1; width < 120; width++) assert.ok(progressLine('auto', update, width).length < width, `${width}`);
  assert.match(progressLine('auto', update, 60), /99 % {2}refitting on everything/);
  assert.ok(!progressLine('auto', update, 50).includes('━'));
});

test('what is no number or out of range is not shown as progress', () => {
  assert.match(progressLine('a', { fraction: Number.NaN, etaSeconds: Infinity }, 80), / 0 %$/);
  assert.match(
    progressLine('a', { fraction: 0.5, phase: 'forecasting', loss: Number.NaN }, 80),
    / 50 % {2}forecasting$/,
  );
  assert.match(progressLine('a', { fraction: 7 }, 80), /━{30} 100 %$/);
  assert.match(progressLine('a', { fraction: 0.9999 }, 80), / 99 %$/, '100 % only when done');
  assert.ok(!progressLine('a', { phase: 'x\u001b[2J\n' }, 80).includes('\u001b'));
});

test('durations show the two units that matter', () => {
  const cases: [number, string][] = [
    [0, '0 s'],
    [-3, '0 s'],
    [7.2, '8 s'],
    [59.5, '1 min 00 s'],
    [80, '1 min 20 s'],
    [7499, '2 h 04 min'],
  ];
  for (const [seconds, text] of cases) assert.equal(formatDuration(seconds), text);
});

test('on a terminal the line is drawn, and stop clears it', () => {
  const stream = new Sink(true);
  const bar = new ProgressBar({ label: 'lstm', stream, env: {} });
  bar.stop();
  assert.equal(stream.text, '', 'nothing before the first update');
  bar.update({ fraction: 0.25, phase: 'epoch 1' });
  bar.update({ loss: 0.5 });
  bar.stop();
  bar.stop();
  const shown = stripVTControlCharacters(stream.text);
  assert.match(shown, /lstm ━+─+ {2}25 % {2}epoch 1/);
  assert.match(shown, /epoch 1 · loss 0\.5/, 'an update keeps what it does not mention');
  assert.ok(stream.text.endsWith('\u001b[1G\u001b[2K'), 'ends by clearing the line');
  assert.ok(!stream.text.includes('\n') && !stream.text.includes('\u001b[?'), 'leaves cursor and wrapping alone');
});

test('nothing at all into a pipe, on a dumb terminal, or when quiet', () => {
  for (const [isTTY, quiet, env] of [
    [false, false, {}],
    [true, true, {}],
    [true, false, { TERM: 'dumb' }],
  ] as const) {
    const stream = new Sink(isTTY);
    const bar = new ProgressBar({ label: 'lstm', stream, quiet, env });
    bar.update({ fraction: 0.5 });
    bar.stop();
    assert.equal(stream.text, '');
  }
});
