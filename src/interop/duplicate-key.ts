/** No honest header nests deeper than this (the format itself has three levels). */
const MAX_DEPTH = 32;

/**
 * Finds a key that occurs twice in one object of a JSON text. `JSON.parse` keeps the last one silently, and another
 * reader of the same file may keep the first: a file that reads differently in two programs is not to be trusted.
 * Meant to run before JSON.parse, on text that may be no JSON at all: then the answer means nothing, and JSON.parse
 * will say so.
 *
 * @returns the first repeated key, or undefined
 * @throws SyntaxError for nesting deeper than 32, which would let a small text ask for much memory
 */
export function findDuplicateKey(json: string): string | undefined {
  // One entry per open bracket: the keys seen so far, or null inside an array.
  const open: (Set<string> | null)[] = [];
  let expectKey = false;
  for (let i = 0; i < json.length; i++) {
    const char = json[i];
    if (open.length > MAX_DEPTH) throw new SyntaxError('JSON is nested too deeply');
    if (char === '{') {
      open.push(new Set());
      expectKey = true;
    } else if (char === '[') {
      open.push(null);
      expectKey = false;
    } else if (char === '}' || char === ']') {
      open.pop();
    } else if (char === ',') {
      expectKey = open.at(-1) !== null;
    } else if (char === '"') {
      const end = endOfString(json, i);
      const keys = open.at(-1);
      if (expectKey && keys) {
        const key = JSON.parse(json.slice(i, end + 1)) as string;
        if (keys.has(key)) return key;
        keys.add(key);
        expectKey = false;
      }
      i = end;
    }
  }
  return undefined;
}

/** Index of the quote that closes the string opened at `start`, the first one after an even number of backslashes; or the end of the text. */
function endOfString(json: string, start: number): number {
  let quote = json.indexOf('"', start + 1);
  while (quote >= 0) {
    let backslashes = 0;
    while (json[quote - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return quote;
    quote = json.indexOf('"', quote + 1);
  }
  return json.length;
}
