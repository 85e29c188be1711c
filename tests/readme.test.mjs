/** Every example of the README, of docs/forecasting.md and of docs/nn/ is run: the JavaScript as it stands, the shell lines through the built command. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(`${root}README.md`, 'utf8');
const forecasting = readFileSync(`${root}docs/forecasting.md`, 'utf8');
const pages = [
  forecasting,
  ...readdirSync(`${root}docs/nn`).map((name) => readFileSync(`${root}docs/nn/${name}`, 'utf8')),
];
const blocks = (text, language) =>
  [...text.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, code]) => code);

/** A folder as a user would stand in: with the examples, elsewhere. */
function workFolder(t) {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-readme-'));
  cpSync(`${root}examples`, `${folder}/examples`, { recursive: true });
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('the JavaScript examples run', (t) => {
  const folder = workFolder(t);
  // Inside the package, so that `import 'tidegate'` finds it by its own name.
  mkdirSync(`${root}.cache`, { recursive: true });
  const examples = [readme, ...pages].flatMap((text) => blocks(text, 'js'));
  assert.ok(examples.length >= 8);
  examples.forEach((code, i) => {
    const file = `${root}.cache/readme-example-${i}.mjs`;
    writeFileSync(file, code);
    t.after(() => rmSync(file, { force: true }));
    const { status, stderr, stdout } = spawnSync(process.execPath, [file], { cwd: folder, encoding: 'utf8' });
    assert.equal(status, 0, `${code}\n${stderr}`);
    assert.notEqual(stdout, '', code);
    // An example that says what it prints is held to it.
    for (const [, printed] of code.matchAll(/console\.log\(.*\); \/\/ (true.*|\d+)$/gm))
      assert.ok(stdout.includes(printed.split(/[:,]/)[0]), `${code}\n${stdout}`);
  });
});

test('the tidegate commands run', (t) => {
  const folder = workFolder(t);
  const lines = [readme, forecasting]
    .flatMap((text) => blocks(text, 'sh'))
    .join('')
    .split('\n')
    .filter((line) => line.startsWith('npx tidegate '));
  assert.ok(lines.length >= 4);
  for (const line of lines) {
    // Words as a shell would see them.
    const args = [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c).slice(2);
    const { status, stderr, stdout } = spawnSync(process.execPath, [`${root}dist/cli/main.js`, ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
    assert.equal(status, 0, `${line}\n${stderr}`);
    assert.notEqual(`${stdout}${stderr}`, '', line);
  }
});

test('the commands of the README are scripts of the package', () => {
  const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
  const named = [...readme.matchAll(/`?npm (?:run )?([a-z:]+)`?/g)]
    .map(([, name]) => name)
    .filter((name) => name !== 'ci');
  for (const name of named) assert.ok(scripts[name], `npm ${name}`);
});
