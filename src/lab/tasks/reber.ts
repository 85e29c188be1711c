/** The Reber grammar and its embedded form: say at every step which symbols may come next. */
import type { Random } from '../../random.js';
import { emptyBatch, type SequenceBatch, type SequenceTask, type TaskDefinition } from './sequence-task.js';

const SYMBOLS = 'BTPSXVE';
const INPUTS = SYMBOLS.length;

/** By state: what may come, and the state after it. Reber 1967; from state 0 to state 7. */
const GRAMMAR: readonly (readonly (readonly [symbol: string, next: number])[])[] = [
  [['B', 1]],
  [
    ['T', 2],
    ['P', 3],
  ],
  [
    ['S', 2],
    ['X', 4],
  ],
  [
    ['T', 3],
    ['V', 5],
  ],
  [
    ['X', 3],
    ['S', 6],
  ],
  [
    ['P', 4],
    ['V', 6],
  ],
  [['E', 7]],
];

/** A string, and by position what may stand there. */
export interface ReberString {
  readonly symbols: string;
  readonly legal: readonly string[];
}

/** A string of the Reber grammar; where there is a choice, both ways are equally likely. */
export function reberString(random: Random): ReberString {
  let [state, symbols] = [0, ''];
  const legal: string[] = [];
  while (state < GRAMMAR.length) {
    const ways = GRAMMAR[state];
    const [symbol, next] = ways[random.integer(ways.length)];
    legal.push(ways.map(([possible]) => possible).join(''));
    symbols += symbol;
    state = next;
  }
  return { symbols, legal };
}

/** B, T or P, a Reber string, the same T or P again, E: what comes last but one must be remembered all the way. */
export function embeddedReberString(random: Random): ReberString {
  const which = random.integer(2) === 0 ? 'T' : 'P';
  const inner = reberString(random);
  return {
    symbols: `B${which}${inner.symbols}${which}E`,
    legal: ['B', 'TP', ...inner.legal, which, 'E'],
  };
}

export const reber: TaskDefinition = {
  name: 'reber',
  summary: 'strings of the Reber grammar: say at every step what may come next',
  source: 'Reber 1967; Cleeremans, Servan-Schreiber & McClelland 1989',
  published: 'a plain recurrent network learns it, since no memory beyond the last two symbols is needed',
  length: null,
  leastLength: 1,
  make: (_, random) => stringTask(reberString, random),
};

export const embeddedReber: TaskDefinition = {
  name: 'embedded-reber',
  summary: 'the same with a symbol from the start to be remembered until the end',
  source: 'Hochreiter & Schmidhuber 1997, experiment 1',
  published: 'LSTM: 97 to 100 % of the trials after 8 440 to 39 740 strings; Elman network: 0 %',
  length: null,
  leastLength: 1,
  make: (_, random) => stringTask(embeddedReberString, random),
};

/** Strings that are drawn once and learned from, and as many to test on. */
const STRINGS = 256;

interface StringBatch extends SequenceBatch {
  /** [T,B,7]: 1 where the symbol may come next. */
  readonly legal: Uint8Array;
}

/**
 * 256 strings to learn from and 256 to test on, drawn once. Input: the symbol, one of seven units. Learned by cross-entropy
 * against the symbol that comes next (squared error in 1997); a string is right if at every step the symbols that may come next
 * are the most active outputs. Shorter strings of a batch are followed by steps of zeros that ask for nothing.
 */
function stringTask(draw: (random: Random) => ReberString, random: Random): SequenceTask {
  const pool = (name: string) => {
    const stream = random.fork(name);
    return Array.from({ length: STRINGS }, () => draw(stream));
  };
  const [training, test] = [pool('training strings'), pool('test strings')];
  return {
    ...{ inputSize: INPUTS, outputSize: INPUTS, loss: 'cross-entropy' },
    longest: Math.max(...[...training, ...test].map(({ symbols }) => symbols.length - 1)),
    ...{ measure: 'share right', goal: 0.97, memoryless: 0 },
    draw: (stream, batch) => encode(Array.from({ length: batch }, () => training[stream.integer(STRINGS)])),
    test: () => [0, 1, 2, 3].map((part) => encode(test.slice((part * STRINGS) / 4, ((part + 1) * STRINGS) / 4))),
    score: (output, batch) => shareOfStrings(output, batch as StringBatch),
  };
}

function encode(strings: readonly ReberString[]): StringBatch {
  const batch = strings.length;
  const steps = Math.max(...strings.map(({ symbols }) => symbols.length - 1));
  const drawn = emptyBatch(steps, batch, INPUTS, 1);
  const legal = new Uint8Array(steps * batch * INPUTS);
  strings.forEach(({ symbols, legal: possible }, b) => {
    for (let t = 0; t + 1 < symbols.length; t++) {
      const row = t * batch + b;
      drawn.x[row * INPUTS + SYMBOLS.indexOf(symbols[t])] = 1;
      drawn.target[row] = SYMBOLS.indexOf(symbols[t + 1]);
      for (const symbol of possible[t + 1]) legal[row * INPUTS + SYMBOLS.indexOf(symbol)] = 1;
    }
  });
  return { ...drawn, legal };
}

/** Share of the strings where at every step each legal symbol is more active than each that is not. */
function shareOfStrings(output: Float32Array, { batch, target, legal }: StringBatch): number {
  const right = new Array<boolean>(batch).fill(true);
  for (let row = 0; row < target.length; row++) {
    if (Number.isNaN(target[row])) continue;
    let [leastLegal, mostIllegal] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let k = row * INPUTS; k < (row + 1) * INPUTS; k++)
      if (legal[k] === 1) leastLegal = Math.min(leastLegal, output[k]);
      else mostIllegal = Math.max(mostIllegal, output[k]);
    if (!(leastLegal > mostIllegal)) right[row % batch] = false;
  }
  return right.filter(Boolean).length / batch;
}
