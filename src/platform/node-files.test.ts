import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { TidegateError } from '../errors.js';
import { fileAt, openBytes, readFileBytes, writeFileAtomic } from './node-files.js';

const root = mkdtempSync(join(tmpdir(), 'tidegate-files-'));
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(root, 'case-'));
});
after(() => rmSync(root, { recursive: true, force: true }));

/** Permissions do not bind the superuser, nor Windows. */
const bound = process.platform !== 'win32' && process.getuid?.() !== 0;

async function collect(path: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of openBytes(path)) pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}

const fails = (kind: string, code: string, says: RegExp) => (error: unknown) => {
  assert.ok(error instanceof TidegateError, `${error}`);
  assert.equal(error.kind, kind);
  assert.equal(error.code, code);
  assert.match(error.message, says);
  return true;
};

test('writes bytes and text, makes and replaces', async () => {
  const path = join(folder, 'out.bin');
  await writeFileAtomic(path, Uint8Array.of(0, 255, 10));
  assert.deepEqual([...readFileSync(path)], [0, 255, 10]);
  await writeFileAtomic(path, 'Größe 🌊\n');
  assert.equal(readFileSync(path, 'utf8'), 'Größe 🌊\n');
  await writeFileAtomic(path, '');
  assert.equal(readFileSync(path, 'utf8'), '');
  assert.deepEqual(readdirSync(folder), ['out.bin']);
});

test('writes only the part of a buffer that the view shows', async () => {
  const path = join(folder, 'out.bin');
  await writeFileAtomic(path, Uint8Array.of(1, 2, 3, 4).subarray(1, 3));
  assert.deepEqual([...readFileSync(path)], [2, 3]);
});

test('replaces by renaming: a second name of the old file keeps the old content', async () => {
  const path = join(folder, 'out.txt');
  writeFileSync(path, 'old');
  linkSync(path, join(folder, 'kept.txt'));
  await writeFileAtomic(path, 'new');
  assert.equal(readFileSync(path, 'utf8'), 'new');
  assert.equal(readFileSync(join(folder, 'kept.txt'), 'utf8'), 'old');
});

test('keeps the permissions of the file it replaces', { skip: process.platform === 'win32' }, async () => {
  const path = join(folder, 'out.txt');
  writeFileSync(path, 'old');
  chmodSync(path, 0o640);
  await writeFileAtomic(path, 'new');
  assert.equal(statSync(path).mode & 0o777, 0o640);
});

test('writes through a symbolic link', { skip: process.platform === 'win32' }, async () => {
  mkdirSync(join(folder, 'real'));
  const real = join(folder, 'real', 'out.txt');
  const link = join(folder, 'link.txt');
  writeFileSync(real, 'old');
  symlinkSync(real, link);
  await writeFileAtomic(link, 'new');
  assert.ok(lstatSync(link).isSymbolicLink());
  assert.equal(readFileSync(real, 'utf8'), 'new');
});

test('writes to a device without replacing it', { skip: !existsSync('/dev/null') }, async () => {
  await writeFileAtomic('/dev/null', 'gone');
  assert.ok(statSync('/dev/null').isCharacterDevice());
});

test('a name of the greatest length can be written', async () => {
  const path = join(folder, 'n'.repeat(255));
  await writeFileAtomic(path, 'x');
  assert.equal(readFileSync(path, 'utf8'), 'x');
});

test('many writers of one file leave one whole content and no rest', async () => {
  const path = join(folder, 'out.txt');
  const contents = Array.from({ length: 8 }, (_, i) => `${i}`.repeat(20_000));
  await Promise.all(contents.map((content) => writeFileAtomic(path, content)));
  assert.ok(contents.includes(readFileSync(path, 'utf8')));
  assert.deepEqual(readdirSync(folder), ['out.txt']);
});

test('a write that fails leaves the old file and no temporary one', async () => {
  const path = join(folder, 'out.txt');
  writeFileSync(path, 'old');
  await assert.rejects(
    writeFileAtomic(path, 12 as unknown as string),
    fails('input', 'write_failed', /could not be written/),
  );
  assert.equal(readFileSync(path, 'utf8'), 'old');
  assert.deepEqual(readdirSync(folder), ['out.txt']);
});

test('writing says what stands in the way', async () => {
  writeFileSync(join(folder, 'file'), '');
  await assert.rejects(
    writeFileAtomic(join(folder, 'no', 'out.txt'), ''),
    fails('usage', 'folder_not_found', /no folder ".*no"/),
  );
  await assert.rejects(
    writeFileAtomic(join(folder, 'file', 'out.txt'), ''),
    fails('usage', 'folder_not_found', /file"/),
  );
  await assert.rejects(writeFileAtomic(folder, ''), fails('usage', 'is_a_directory', /is a folder/));
  await assert.rejects(writeFileAtomic(join(folder, 'a\0b'), ''), fails('input', 'write_failed', /null bytes/));
});

test('writing without permission', { skip: !bound && 'runs as superuser or on Windows' }, async () => {
  mkdirSync(join(folder, 'locked'), { mode: 0o555 });
  await assert.rejects(
    writeFileAtomic(join(folder, 'locked', 'out.txt'), ''),
    fails('usage', 'no_permission', /may not be written/),
  );
});

test('a full disk is told as such', { skip: !existsSync('/dev/full') }, async () => {
  await assert.rejects(writeFileAtomic('/dev/full', 'x'), fails('input', 'disk_full', /no space/));
});

test('reads a file in pieces and whole', async () => {
  const path = join(folder, 'in.bin');
  const content = Uint8Array.from({ length: 1_000_003 }, (_, i) => i % 251);
  writeFileSync(path, content);
  let pieces = 0;
  for await (const piece of openBytes(path)) {
    assert.ok(piece instanceof Uint8Array);
    pieces++;
  }
  assert.ok(pieces > 1);
  assert.deepEqual(await collect(path), content);
  assert.deepEqual(await readFileBytes(path), content);
  writeFileSync(path, '');
  assert.equal((await collect(path)).length, 0);
  assert.equal((await readFileBytes(path)).length, 0);
});

test('reads parts of a file, and as a stream', async () => {
  const path = join(folder, 'in.bin');
  writeFileSync(
    path,
    Uint8Array.from({ length: 1000 }, (_, i) => i % 251),
  );
  const file = fileAt(path);
  assert.equal(file.name, path);
  const parts = await file.open();
  assert.equal(parts.byteLength, 1000);
  assert.deepEqual([...(await parts.slice(250, 253))], [250, 0, 1]);
  assert.equal((await parts.slice(990, 1100)).length, 10, 'fewer at the end');
  await parts.close();
  let length = 0;
  for await (const piece of file.stream()) length += piece.length;
  assert.equal(length, 1000);
  await assert.rejects(fileAt(join(folder, 'no')).open(), fails('input', 'file_not_found', /does not exist/));
});

test('leaving the loop early is fine', async () => {
  const path = join(folder, 'in.bin');
  writeFileSync(path, new Uint8Array(1_000_000));
  for await (const piece of openBytes(path)) {
    assert.ok(piece.length < 1_000_000);
    break;
  }
});

test('what the consumer throws passes through unchanged', async () => {
  const path = join(folder, 'in.bin');
  writeFileSync(path, 'x');
  const mine = new Error('mine');
  await assert.rejects(
    (async () => {
      for await (const _ of openBytes(path)) throw mine;
    })(),
    (error) => error === mine,
  );
});

test('a missing file names its near relatives', async () => {
  for (const name of ['sales.csv', 'sales-2024.csv', 'notes.md']) writeFileSync(join(folder, name), '');
  const missing = fails('input', 'file_not_found', /sale\.csv" does not exist\. Did you mean "[^"]*sales\.csv"\?$/);
  await assert.rejects(collect(join(folder, 'sale.csv')), missing);
  await assert.rejects(readFileBytes(join(folder, 'sale.csv')), missing);
  await assert.rejects(
    readFileBytes(join(folder, 'zebra')),
    fails('input', 'file_not_found', /not exist\. Check the name/),
  );
  await assert.rejects(
    readFileBytes(join(folder, 'no', 'sales.csv')),
    fails('input', 'file_not_found', /nor does its folder/),
  );
  await assert.rejects(readFileBytes(join(folder, 'notes.md', 'a.csv')), fails('input', 'file_not_found', /notes\.md/));
});

test('a folder is not a file', async () => {
  await assert.rejects(collect(folder), fails('input', 'is_a_directory', /is a folder/));
  await assert.rejects(readFileBytes(folder), fails('input', 'is_a_directory', /is a folder/));
});

test('reading without permission', { skip: !bound && 'runs as superuser or on Windows' }, async () => {
  const path = join(folder, 'secret.csv');
  writeFileSync(path, 'x', { mode: 0o000 });
  await assert.rejects(collect(path), fails('input', 'no_permission', /may not be read/));
  await assert.rejects(readFileBytes(path), fails('input', 'no_permission', /may not be read/));
});

test('what else goes wrong is told with the system’s words', async () => {
  await assert.rejects(readFileBytes('a\0b'), fails('input', 'read_failed', /null bytes/));
  await assert.rejects(collect('a\0b'), fails('input', 'read_failed', /null bytes/));
});

test('- is standard input', () => {
  const program = `
    import { openBytes } from ${JSON.stringify(new URL('./node-files.js', import.meta.url).href)};
    let sum = 0, length = 0;
    for await (const piece of openBytes('-')) { length += piece.length; for (const byte of piece) sum += byte; }
    process.stdout.write(length + ' ' + sum);`;
  const run = (input: Uint8Array) =>
    spawnSync(process.execPath, ['--input-type=module', '-e', program], { input, encoding: 'utf8' }).stdout;
  assert.equal(run(new Uint8Array(300_000).fill(3)), '300000 900000');
  assert.equal(run(new Uint8Array(0)), '0 0');
});
