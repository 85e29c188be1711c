import assert from 'node:assert/strict';
import { test } from 'node:test';
import Papa from 'papaparse';
import { TidegateError } from '../errors.js';
import { CsvReader, sniffDelimiter } from './csv.js';
import { MAX_LINE } from './decode.js';

const place = { source: 'sales.csv', unit: 'line' } as const;

/** All rows of a text that arrives in pieces, with their lines. */
function read(pieces: Iterable<string>) {
  const reader = new CsvReader(place);
  const rows: unknown[] = [];
  const lines: number[] = [];
  let columns: readonly string[] = [];
  const take = (batch: ReturnType<CsvReader['finish']>) => {
    if (batch === null) return;
    columns = batch.columns;
    for (const row of batch.cells) rows.push(row);
    lines.push(...batch.lines);
  };
  for (const piece of pieces) take(reader.push(piece));
  take(reader.finish());
  return { columns, rows, lines };
}

const code = (text: string) => {
  try {
    read([text]);
    return 'none';
  } catch (error) {
    assert.ok(error instanceof TidegateError, String(error));
    return `${error}`;
  }
};

test('the delimiter is the most frequent of the header, outside quotes', () => {
  assert.equal(sniffDelimiter('a,b,c\n1;2;3;4;5'), ',');
  assert.equal(sniffDelimiter('a;b;"c,d,e,f"\n'), ';');
  assert.equal(sniffDelimiter('a\tb'), '\t');
  assert.equal(sniffDelimiter('date;price, EUR'), ';');
  assert.equal(sniffDelimiter('y\n1;2'), ',');
});

test('quoted fields hold delimiters, quotes and newlines; lines stay those of the file', () => {
  const text = 'id,ds,y\n"a, b",1,2\n"say ""hi""",2,3\n"two\r\nlines\n",3,4\n5" pipe,4,5\n';
  assert.deepEqual(read([text]), {
    columns: ['id', 'ds', 'y'],
    rows: [
      ['a, b', '1', '2'],
      ['say "hi"', '2', '3'],
      ['two\nlines\n', '3', '4'],
      ['5" pipe', '4', '5'],
    ],
    lines: [2, 3, 4, 7],
  });
});

test('lines end in LF, CRLF or CR, and chunks may end between them', () => {
  for (const end of ['\n', '\r\n', '\r']) {
    const text = ['a,b', '1,2', '', '3,"x', 'y"', '5,6', '', ''].join(end);
    const expected = {
      columns: ['a', 'b'],
      rows: [
        ['1', '2'],
        ['3', 'x\ny'],
        ['5', '6'],
      ],
      lines: [2, 4, 6],
    };
    assert.deepEqual(read([text]), expected);
    assert.deepEqual(read([...text]), expected, 'one character at a time');
    assert.deepEqual(read([...text].flatMap((char) => [char, ''])), expected, 'with empty chunks between');
  }
});

test('blocks that end inside quoted fields give the rows that Papa Parse gives for the whole', () => {
  const cells = Array.from({ length: 9000 }, (_, i) =>
    i % 5 < 3 ? [`line\nbreak ${i}, "${'\n'.repeat(i % 9)}`, `${i}`] : [`plain ${i}`, `${i}`],
  );
  const text = Papa.unparse({ fields: ['name', 'y'], data: cells }, { newline: '\n' });
  for (const size of [1000, 65_536, 100_003, text.length]) {
    const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, i) =>
      text.slice(i * size, (i + 1) * size),
    );
    const { rows, lines } = read(pieces);
    assert.deepEqual(rows, cells);
    const counted = text.split('\n');
    for (let i = 0; i < cells.length; i++) {
      const start = counted[lines[i] - 1];
      assert.ok(start.startsWith(i % 5 < 3 ? '"line' : `plain ${i},`), `row ${i} at line ${lines[i]}: ${start}`);
    }
  }
});

test('blank lines are skipped, but are missing values between those of a lone column', () => {
  assert.deepEqual(read(['\n\na,b\n\n1,2\n , \n,\n\n']).rows, [['1', '2']]);
  assert.deepEqual(read(['y\n1\n\n3\n\n\n']), { columns: ['y'], rows: [['1'], [''], ['3']], lines: [2, 3, 4] });
});

test('damaged rows are errors with their line', () => {
  assert.match(code('a,b\n1,2\n3\n'), /^bad_row: sales\.csv, line 3 has 1 field; the header has 2\./);
  assert.match(code('a,b\n"x\ny",2\n3,4,5\n'), /^bad_row: sales\.csv, line 4 has 3 fields/);
  assert.match(code('a,b\n1,"2"x\n'), /^bad_row: sales\.csv, line 2 has text after a closing quote/);
  assert.match(code('a,b\n1,2\n3,"4\n5,6\n'), /^bad_row: sales\.csv, line 3 has a quoted field that never ends/);
});

test('a header must be names, and different ones', () => {
  assert.match(code('112\n118\n'), /^no_header: sales\.csv, line 1 holds values \("112"\)/);
  assert.match(code('2023-01-01;1,5\n'), /^no_header/);
  assert.match(code('ds,y,y\n'), /^duplicate_column: sales\.csv, line 1 has two columns "y"/);
  assert.deepEqual(read([',a,\n0,1,\n']).columns, ['', 'a', ''], 'columns without a name may be many');
});

test('text without an end of line, or of a quote, is bounded', () => {
  const long = 'x'.repeat(1 << 20);
  assert.throws(
    () => {
      const reader = new CsvReader(place);
      for (let size = 0; size < 3 * MAX_LINE; size += long.length) reader.push(long);
    },
    (error: unknown) => error instanceof TidegateError && error.code === 'not_text',
  );
  assert.throws(
    () => {
      const reader = new CsvReader(place);
      reader.push('a,b\n1,"2\n');
      for (let size = 0; size < 3 * MAX_LINE; size += long.length) reader.push(`${long}\n`);
    },
    (error: unknown) => error instanceof TidegateError && /^bad_row: sales\.csv, line 2 /.test(`${error}`),
  );
});
