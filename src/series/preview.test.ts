import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { previewColumns } from './preview.js';

suite('previewColumns', () => {
  test('every column with its look and its first values', async () => {
    assert.deepEqual(await previewColumns('shop,day,units,open,note\na,2024-01-01,8,true,\nb,2024-01-02,NA,false,\n'), [
      { name: 'shop', look: 'text', examples: ['a', 'b'] },
      { name: 'day', look: 'stamp', examples: ['2024-01-01', '2024-01-02'] },
      { name: 'units', look: 'number', examples: ['8'] },
      { name: 'open', look: 'boolean', examples: ['true', 'false'] },
      { name: 'note', look: 'empty', examples: [] },
    ]);
  });

  test('only the beginning of a file is read, and it can be read again', async () => {
    let pulled = 0;
    const blob = new Blob([`ds,y\n${'2024-01-01,1\n'.repeat(1_000_000)}`]);
    const counted = async function* () {
      for (; pulled < blob.size; pulled += 65_536)
        yield new Uint8Array(await blob.slice(pulled, pulled + 65_536).arrayBuffer());
    };
    assert.equal((await previewColumns(counted()))[1].look, 'number');
    assert.ok(pulled < blob.size / 2, `${pulled} of ${blob.size} bytes`);
    assert.equal((await previewColumns(blob))[0].look, 'stamp');
    assert.equal((await previewColumns(blob))[0].look, 'stamp');
  });

  test('what is no table is refused as when it is read', async () => {
    await assert.rejects(previewColumns('', 'a.csv'), { code: 'empty_file', message: /a\.csv/ });
    await assert.rejects(
      previewColumns(
        Uint8Array.from({ length: 3000 }, (_, i) => (i * 7919 + 128) & 255),
        'a.bin',
      ),
      { code: 'not_text' },
    );
    await assert.rejects(previewColumns('1,2\n3,4\n'), { code: 'no_header' });
    await assert.rejects(previewColumns([]), { code: 'no_rows' });
  });
});
