/** What a terminal shows, in a pseudo terminal made by `script` of util-linux. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { airline, cli, newFolder, passengers, start } from './support/run.mjs';

const hasScript = /util-linux/.test(spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout ?? '');
const skip = !hasScript && 'needs the script command of util-linux';
const ESC = '\u001b';
/** A control sequence, or one character. */
const TOKEN = new RegExp(`(${ESC}\\[([\\d;?]*)([A-Za-z]))|[^]`, 'gu');

/** Starts the command in a terminal of 100 columns; stdout is what the screen got. */
function startInTerminal(args, { extraEnv = {}, ...options } = {}) {
  const quoted = [process.execPath, cli, ...args].map((arg) => `'${arg.replaceAll("'", "'\\''")}'`);
  return start([`stty cols 100 rows 40; exec ${quoted.join(' ')}`, '/dev/null'], {
    command: ['script', '-qec'],
    extraEnv: { TERM: 'xterm-256color', ...extraEnv },
    ...options,
  });
}

/** The lines that stay on the screen: carriage returns, erasing and moving the cursor done, colours dropped. */
function screen(text) {
  const lines = [''];
  let row = 0;
  let column = 0;
  for (const [token, , parameters, final] of text.matchAll(TOKEN)) {
    if (final === 'K') {
      const whole = parameters === '2';
      lines[row] = whole ? '' : [...lines[row]].slice(0, column).join('');
    } else if (final === 'G') column = Number(parameters || 1) - 1;
    else if (final === 'J') lines.length = row + 1;
    else if (final !== undefined) continue;
    else if (token === '\r') column = 0;
    else if (token === '\n') {
      row++;
      column = 0;
      lines[row] ??= '';
    } else {
      const characters = [...lines[row].padEnd(column)];
      characters[column++] = token;
      lines[row] = characters.join('');
    }
  }
  return lines.map((line) => line.trimEnd());
}

test('a progress bar that comes and goes, then a table with a sparkline and the verdict', { skip }, async () => {
  const running = startInTerminal(['forecast', airline, '--horizon', '6']);
  const { status, stdout } = await running.ended;
  assert.equal(status, 0, stdout);
  assert.match(stdout, /auto [━─]+ +\d+ % {2}(validating|training) · loss [\d.]+/);
  const lines = screen(stdout);
  assert.ok(!lines.some((line) => /[━─]{3}/.test(line)), `the bar is gone:\n${lines.join('\n')}`);
  const at = lines.findIndex((line) => /^passengers {2}[▁-█]{18}│[▁-█]{6}$/.test(line));
  assert.ok(at >= 0, lines.join('\n'));
  assert.match(lines[at + 2], /^ds +auto +auto-lo-80 +auto-hi-80 +auto-lo-95 +auto-hi-95$/);
  for (let k = 1; k <= 6; k++) assert.match(lines[at + 2 + k], new RegExp(`^1961-0${k}-01( +\\d+\\.\\d+){5}$`));
  assert.match(lines.join('\n'), /^one series, 144 rows.*\n[\s\S]*\nauto \(.*beats seasonal-naive/);
  // The peaks of the last 18 months are the highest blocks.
  const spark = [...lines[at].replace(/^passengers {2}/, '').split('│')[0]];
  const shown = passengers.slice(-18);
  assert.equal(spark[shown.indexOf(Math.max(...shown))], '█');
  assert.equal(spark[shown.indexOf(Math.min(...shown))], '▁');
});

test('--quiet, NO_COLOR and a dumb terminal are obeyed', { skip }, async () => {
  const args = ['forecast', airline, '--horizon', '2'];
  const quiet = await startInTerminal([...args, '--quiet']).ended;
  assert.doesNotMatch(quiet.stdout, /[━─]{3}|beats/);
  const plain = await startInTerminal(args, { extraEnv: { NO_COLOR: '1' } }).ended;
  assert.ok(!plain.stdout.includes(`${ESC}[1m`));
  const dumb = await startInTerminal(args, { extraEnv: { TERM: 'dumb' } }).ended;
  assert.ok(!dumb.stdout.includes(`${ESC}[`) && dumb.stdout.includes('1961-02-01'), dumb.stdout);
});

test('nothing out of the data is obeyed by the terminal', { skip }, async () => {
  const folder = newFolder();
  const evil = ['\u001b[31mred', '\u001b]0;title\u0007', 'two\nlines', '\u202egnp'];
  const rows = evil.flatMap((id) => [1, 2, 3, 4].map((t) => `"${id}",${t},${t}`));
  writeFileSync(join(folder, 'evil.csv'), `id,t,\u009b2J\n${rows.join('\n')}\n`);
  const options = ['--id', 'id', '--time', 't', '--horizon', '1', '--model', 'naive'];
  const { status, stdout } = await startInTerminal(['forecast', 'evil.csv', ...options], { cwd: folder }).ended;
  assert.equal(status, 0, stdout);
  assert.match(stdout, /�\[31mred/);
  assert.match(stdout, /two�lines/);
  for (const text of ['\u001b[31m', '\u001b]', '\u0007', '\u009b', '\u202e']) assert.ok(!stdout.includes(text));
});

test('Ctrl-C on the keyboard: the bar goes, one line stays, status 130', { skip }, async () => {
  const folder = newFolder();
  const rows = ['unique_id,ds,y'];
  for (let s = 0; s < 200; s++) for (let t = 0; t < 300; t++) rows.push(`${s},${t},${((t * 7 + s * 3) % 24) + t / 50}`);
  writeFileSync(join(folder, 'long.csv'), rows.join('\n'));
  const options = ['--horizon', '12', '--season', '24', '--model', 'lstm', '--budget', '10m', '--out', 'new.csv'];
  const running = startInTerminal(['forecast', 'long.csv', '--id', 'unique_id', ...options], { cwd: folder });
  const whenShown = new Promise((resolve) => {
    running.child.stdout.on('data', () => /validating|training/.test(running.output.stdout) && resolve());
  });
  await Promise.race([whenShown, running.ended]);
  running.child.stdin.write('\u0003');
  const { status, stdout } = await running.ended;
  assert.equal(status, 130, stdout);
  const lines = screen(stdout.replace('^C', '')).filter((line) => line !== '');
  assert.deepEqual(lines, ['interrupted: stopped before the end; nothing was written']);
  assert.deepEqual(readdirSync(folder), ['long.csv']);
});
