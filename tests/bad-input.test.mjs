/**
 * Whatever is wrong: one line that says what was got and what to do, status 2 (usage) or 3 (input), no stack trace,
 * no file made, changed or left half written.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { airline, newFolder, run, succeed } from './support/run.mjs';

const DATA = {
  'empty.csv': '',
  'blank.csv': '\n  \n\n',
  'header.csv': 'ds,y\n',
  'no-header.csv': '2024-01-01,1\n2024-01-02,2\n',
  'words.csv': 'ds,name\n2024-01-01,a\n2024-01-02,b\n',
  'two.csv': 'ds,a,b\n2024-01-01,1,2\n2024-01-02,3,5\n2024-01-03,3,5\n',
  'dates.csv': 'ds,y\n2024-01-01,1\nsoon,2\n2024-01-03,3\n',
  'day-first.csv': 'ds,y\n01/02/2024,1\n02/02/2024,2\n03/02/2024,2\n',
  'no-day.csv': 'ds,y\n2023-02-29,1\n2023-03-01,2\n',
  'twice.csv': 'ds,y\n2024-01-01,1\n2024-01-01,2\n2024-01-03,3\n',
  'irregular.csv': `ds,y
${[1, 2, 3, 5, 6, 7, 8, 10, 12]
  .map(
    (d) => `2024-01-${`${d}`.padStart(2, '0')}T00:00,1
`,
  )
  .join('')}2024-01-12T07:00,2
2024-01-13T00:00,2
`,
  'missing.csv': 'ds,y\n2024-01-01,\n2024-01-02,NA\n2024-01-03,NaN\n',
  'infinite.csv': 'ds,y\n2024-01-01,1\n2024-01-02,Infinity\n2024-01-03,3\n',
  'overflow.csv': 'ds,y\n2024-01-01,1\n2024-01-02,1e999\n2024-01-03,3\n',
  'text.csv': 'ds,y\n2024-01-01,1\n2024-01-02,two\n2024-01-03,3\n',
  'wide.csv': 'ds,y\n2024-01-01,1\n2024-01-02,3,4\n2024-01-03,3\n',
  'narrow.csv': 'ds,y\n2024-01-01,1\n2024-01-02\n2024-01-03,3\n',
  'same.csv': 'ds,y,y\n2024-01-01,1,1\n',
  'quote.csv': 'ds,y\n2024-01-01,"1\n2024-01-02,2\n',
  'no-id.csv': 'unique_id,ds,y\na,2024-01-01,1\n,2024-01-02,2\n',
  'single.csv': 'ds,y\n2024-01-01,1\n',
  'binary.csv': Uint8Array.from({ length: 3000 }, (_, i) => (i * 7919 + 128) & 255),
  'nul.csv': 'ds,y\n2024-01-01,\0\n',
  'cut.csv.gz': gzipSync('ds,y\n2024-01-01,1\n'.repeat(500)).subarray(0, 60),
  'bad.json': '[{"ds":"2024-01-01","y":1},',
  'scalars.json': '[1,2,3]',
  'escape.csv': 'ds,y\n2024-01-01,1\n\u001b[31msoon\u001b[0m,2\n2024-01-03,3\n',
};

/** [name, arguments, status, what the line says] */
const forecast = (file, ...more) => ['forecast', file, '--horizon', '2', ...more];
const CASES = [
  // The data.
  ['empty file', forecast('empty.csv'), 3, /^empty_file: empty\.csv is empty.* Check the file/],
  ['blank lines only', forecast('blank.csv'), 3, /^empty_file: /],
  ['header only', forecast('header.csv'), 3, /^no_rows: .*"ds", "y".* Add rows/],
  ['no header', forecast('no-header.csv'), 3, /^no_header: .*line 1.* Put column names/],
  ['no numeric column', forecast('words.csv'), 3, /^no_numeric_column: .*--target/],
  ['two candidate targets', forecast('two.csv'), 3, /^ambiguous_target: .*"a", "b".* --target/],
  [
    'a stamp that is none',
    forecast('dates.csv'),
    3,
    /^bad_time: dates\.csv, line 3, column "ds" has "soon".* Correct it/,
  ],
  ['day and month mixed up', forecast('day-first.csv'), 3, /^bad_time: .*line 2.*"01\/02\/2024".*day and month/],
  ['a day that never was', forecast('no-day.csv'), 3, /^bad_time: .*"2023-02-29"/],
  ['a stamp twice', forecast('twice.csv'), 3, /^duplicate_time: .*lines 2 and 3.*2024-01-01.* --id/],
  ['a stamp off the grid', forecast('irregular.csv'), 3, /^irregular_time: .*2024-01-12T07:00.*--freq/],
  ['no value at all', forecast('missing.csv'), 3, /^all_missing: .*--target/],
  [
    'infinity',
    forecast('infinite.csv'),
    3,
    /^bad_number: infinite\.csv, line 3, column "y" has "Infinity".* leave the cell empty/,
  ],
  ['a number beyond all', forecast('overflow.csv'), 3, /^bad_number: .*line 3.*"1e999"/],
  ['a word among numbers', forecast('text.csv'), 3, /^bad_number: .*line 3, column "y" has "two"/],
  ['too many fields', forecast('wide.csv'), 3, /^bad_row: .*line 3 has 3 fields; the header has 2.* Correct the line/],
  ['too few fields', forecast('narrow.csv'), 3, /^bad_row: .*line 3 has 1 field; the header has 2/],
  ['two columns of one name', forecast('same.csv'), 3, /^duplicate_column: .*"y".* Rename one/],
  ['a quote left open', forecast('quote.csv'), 3, /^\w+: .*quote\.csv, line 2/],
  ['a row without id', forecast('no-id.csv'), 3, /^no_id: .*line 3.* --id/],
  ['one value', forecast('single.csv'), 3, /^no_frequency: .*--freq/],
  ['binary', forecast('binary.csv'), 3, /^not_text: .* Save it as CSV/],
  ['a NUL byte', forecast('nul.csv'), 3, /^not_text: .* Export it as CSV/],
  ['gzip cut short', forecast('cut.csv.gz'), 3, /^bad_gzip: .* Copy it again/],
  ['JSON cut short', forecast('bad.json'), 3, /^bad_json: /],
  ['JSON without records', forecast('scalars.json'), 3, /^bad_\w+: /],
  ['escape codes in the data', forecast('escape.csv'), 3, /^bad_time: .*line 3.*\[31msoon/],
  ['no such file', forecast('monthly_sale.csv'), 3, /^file_not_found: .* Did you mean "monthly-sales\.csv"\?$/],
  ['no such folder', forecast('none/a.csv'), 3, /^file_not_found: .*"none".* Check the path/],
  ['a folder', forecast('folder.csv'), 3, /^is_a_directory: .*"folder\.csv" is a folder.* Name a file in it/],
  [
    'horizon beyond the history',
    forecast(airline, '--horizon', '145'),
    3,
    /^series_too_short: .*144 values.*145.* Shorten/,
  ],
  ['no such column', forecast(airline, '--target', 'sales'), 3, /^no_column: .*"sales".*"month", "passengers"/],
  // The options.
  ...['0', '-1', '2.5', '', '100001'].map((horizon) => [
    `horizon ${horizon || 'empty'}`,
    forecast(airline, '--horizon', horizon),
    2,
    /^(usage|bad_horizon): .*horizon.*whole number/,
  ]),
  ['no horizon', ['forecast', airline], 2, /^usage: .*--horizon.* See tidegate --help/],
  ['no data', ['forecast', '--horizon', '2'], 2, /^no_data: .*--sql/],
  ['two sources', forecast(airline, '--sql', 'select 1'), 2, /^two_sources: /],
  ['two data files', forecast(airline, airline), 2, /^usage: too many arguments/],
  ['unknown model', forecast(airline, '--model', 'arima'), 2, /^unknown_model: .*"arima".*seasonal-naive/],
  ['a model of every object', forecast(airline, '--model', 'constructor'), 2, /^unknown_model: /],
  ...['0', '100', '80,80', 'wide', '99.999'].map((levels) => [
    `levels ${levels}`,
    forecast(airline, '--levels', levels),
    2,
    /^(usage|bad_levels): .*levels.* (such as|For example) 80,95/,
  ]),
  ['season 0', forecast(airline, '--season', '0'), 2, /^bad_season: /],
  ['unknown frequency', forecast(airline, '--freq', 'fortnight'), 2, /^bad_freq: .*"fortnight"/],
  ['no budget', forecast(airline, '--budget', '0s'), 2, /^usage: .*--budget.*60s/],
  ['no threads', forecast(airline, '--threads', '0'), 2, /^bad_threads: /],
  ['seed of a half', forecast(airline, '--seed', '0.5'), 2, /^usage: .*--seed.*whole number/],
  ['one column twice', forecast(airline, '--time', 'month', '--id', 'month'), 2, /^same_column: /],
  [
    'unknown option',
    forecast(airline, '--modle', 'auto'),
    2,
    /^usage: unknown option '--modle' \(Did you mean --model\?\)/,
  ],
  ['unknown command', ['forcast', airline], 2, /^usage: unknown command 'forcast' \(Did you mean forecast\?\)/],
  ['unknown table format', forecast(airline, '--out', 'new.xlsx'), 2, /^unknown_format: .*\.csv, \.json, \.ndjson/],
  ['no table format', forecast(airline, '--out', 'new'), 2, /^unknown_format: /],
  ['unknown picture format', forecast(airline, '--plot', 'new.pdf'), 2, /^unknown_format: .*\.svg, \.png, \.html/],
  ['out in no folder', forecast(airline, '--out', 'none/new.csv'), 2, /^folder_not_found: .*none.* Make it/],
  ['out is a folder', forecast(airline, '--out', 'folder.csv'), 2, /^is_a_directory: folder\.csv is a folder/],
  ['model in a table', ['fit', airline, '--horizon', '2', '--save', 'new.csv'], 2, /^unknown_format: .*\.safetensors/],
  ['fit for nothing', ['fit', airline, '--horizon', '2'], 2, /^usage: .*--save/],
  // Model files.
  ['table as model', ['predict', 'twice.csv'], 3, /^bad_model_file: twice\.csv .*(again|anew)/],
  ['empty model', ['predict', 'empty.csv'], 3, /^bad_model_file: /],
  ['model cut short', ['predict', 'cut.safetensors'], 3, /^bad_model_file: .*cut short/],
  ['header too long', ['predict', 'header.safetensors'], 3, /^bad_model_file: .*header of 4294967295 bytes/],
  ['random bytes', ['predict', 'random.safetensors'], 3, /^bad_model_file: /],
  ['weights cut out', ['predict', 'shapes.safetensors'], 3, /^bad_model_file: .*anew/],
  ['no such model', ['predict', 'good.safetensor'], 3, /^file_not_found: .* Did you mean "good\.safetensors"/],
  ['model and bad data', ['predict', 'good.safetensors', 'twice.csv'], 3, /^duplicate_time: /],
  ['model and days', ['predict', 'good.safetensors', 'days.csv'], 3, /^other_frequency: .*D; .*MS.* fit again/],
  ['options of a fit', ['predict', 'good.safetensors', '--horizon', '3'], 2, /^usage: unknown option '--horizon'/],
];

let folder = '';
before(async () => {
  folder = newFolder();
  const write = (name, content) => writeFileSync(join(folder, name), content);
  for (const [name, content] of Object.entries(DATA)) write(name, content);
  write('monthly-sales.csv', readFileSync(airline));
  write('days.csv', 'ds,y\n2024-01-01,1\n2024-01-02,2\n2024-01-03,3\n');
  mkdirSync(join(folder, 'folder.csv'));
  await succeed(['fit', airline, '--horizon', '2', '--save', 'good.safetensors'], { cwd: folder });
  const model = readFileSync(join(folder, 'good.safetensors'));
  write('cut.safetensors', model.subarray(0, model.length - 100));
  write('header.safetensors', Buffer.concat([Buffer.from([255, 255, 255, 255, 0, 0, 0, 0]), model.subarray(8)]));
  write('random.safetensors', DATA['binary.csv']);
  write(
    'shapes.safetensors',
    Buffer.from(model.toString('latin1').replace(/"shape":\[128,/, '"shape":[129,'), 'latin1'),
  );
  write('old.csv', 'what was there before');
});

/** Names of everything in the folder, hidden files too. */
const listing = () => readdirSync(folder).sort().join('\n');

describe('bad input', { concurrency: 2 }, () => {
  for (const [name, args, status, says] of CASES) {
    test(name, async () => {
      // Where the case is not about the output: a file that would be replaced and one that would be made.
      const writes = args.some((arg) => ['--out', '--plot', '--save'].includes(arg));
      const outputs = writes || args[0] === 'fit' ? [] : ['--out', 'old.csv', '--plot', 'new.svg'];
      const before = listing();
      const result = await run([...args, ...outputs], { cwd: folder });
      assert.equal(result.status, status, result.stderr);
      assert.equal(result.stdout, '');
      assert.match(result.stderr, /^[^\n]+\n$/, 'one line');
      assert.match(result.stderr.trimEnd(), says);
      assert.doesNotMatch(result.stderr, / {4}at |node:|\.js:\d|internal_error/, 'no stack trace');
      assert.ok(!result.stderr.includes('\u001b'), 'nothing that a terminal obeys');
      assert.equal(listing(), before);
      assert.equal(readFileSync(join(folder, 'old.csv'), 'utf8'), 'what was there before');
    });
  }
});
