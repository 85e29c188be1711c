/** Public holidays as a covariate: what they do for a forecast, and what the command says. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { newFolder, parseTable, root, run, succeed } from './support/run.mjs';
import { commandWithout } from './support/without.mjs';

const CHRISTMAS = ['12-25', '12-26'];
const HOLIDAYS = {
  2022: ['01-01', '04-15', '04-18', '05-01', '05-26', '06-06', '10-03', ...CHRISTMAS],
  2023: ['01-01', '04-07', '04-10', '05-01', '05-18', '05-29', '10-03', ...CHRISTMAS],
  2024: ['01-01', '03-29', '04-01', '05-01', '05-09', '05-20', '10-03', ...CHRISTMAS],
};

/** A shop in Germany that sells a third on public holidays, until Christmas Eve 2024. */
function shop() {
  let state = 3;
  const noise = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
  const rows = ['day,units'];
  for (let time = Date.UTC(2022, 0, 1); time <= Date.UTC(2024, 11, 24); time += 86_400_000) {
    const day = new Date(time).toISOString().slice(0, 10);
    const closed = HOLIDAYS[day.slice(0, 4)].includes(day.slice(5));
    const week = 100 + 15 * Math.sin((2 * Math.PI * time) / 86_400_000 / 7);
    rows.push(`${day},${((closed ? 0.33 : 1) * week * (1 + 0.03 * noise())).toFixed(2)}`);
  }
  return `${rows.join('\n')}\n`;
}

let cwd = '';
before(() => {
  cwd = newFolder();
  writeFileSync(join(cwd, 'shop.csv'), shop());
});

const fast = ['--horizon', '4', '--budget', '2'];

test('a forecast over Christmas knows it, and only with --holidays', async () => {
  const read = async (...args) =>
    parseTable((await succeed(['forecast', 'shop.csv', ...fast, ...args], { cwd })).stdout).rows.map(({ auto }) =>
      Number(auto),
    );
  const [first, second, third] = await read('--holidays', 'DE');
  assert.ok(first < 50 && second < 50, `${[first, second]}`);
  assert.ok(third > 75, `${third}`);
  const [plain] = await read();
  assert.ok(plain > 75, `${plain}`);
});

test('a saved model forecasts with the holidays that it was fitted with, also from new history', async () => {
  await succeed(['fit', 'shop.csv', ...fast, '--holidays', 'DE', '--save', 'm.safetensors'], { cwd });
  const kept = (await succeed(['predict', 'm.safetensors'], { cwd })).stdout;
  const again = (await succeed(['predict', 'm.safetensors', 'shop.csv', '--holidays', 'DE'], { cwd })).stdout;
  assert.equal(again, kept);
});

test('back-tests take them too', async () => {
  const args = ['backtest', 'shop.csv', ...fast, '--models', 'theta', '--windows', '1', '--step', '1', '--quiet'];
  const { rows } = parseTable((await succeed([...args, '--holidays', 'DE'], { cwd })).stdout);
  assert.equal(rows.length, 4);
});

test('what cannot be is told', async () => {
  const fails = async (args, message) => {
    const { status, stderr } = await run(['forecast', ...args, '--horizon', '2', '--model', 'naive'], { cwd });
    assert.match(stderr, message);
    assert.equal(status, 2);
  };
  await fails(['shop.csv', '--holidays', 'XX'], /^unknown_country: no holidays are known for "XX"/);
  await fails([join(root, 'examples/airline-passengers.csv'), '--holidays', 'US'], /^no_calendar_days: .*frequency MS/);
});

test('without the package, it says how to get it', async () => {
  const command = commandWithout('date-holidays');
  const { status, stderr } = await run(['forecast', 'shop.csv', ...fast, '--holidays', 'DE'], { cwd, command });
  assert.match(stderr, /^holidays_missing: .*which is not installed.*npm install date-holidays/);
  assert.equal(status, 2);
  const { stdout } = await succeed(['info'], { command });
  assert.match(stdout, /--holidays \(date-holidays\): not installed; npm install date-holidays/);
});
