/**
 * One seeded generator for everything: xoshiro128** (Blackman & Vigna 2018) over 32-bit integers, so that the
 * same seed gives the same numbers on every machine. `fork(purpose)` gives an independent stream for one use;
 * adding a use somewhere never changes the numbers drawn elsewhere.
 */
import { log } from './math/index.js';

export class Random {
  readonly #state: Uint32Array;

  /** @param seed any finite number or text; equal seeds give equal streams. */
  constructor(seed: number | string) {
    this.#state = seedState(`${seed}`);
  }

  /** A generator that continues exactly where `state()` was taken. */
  static restore(state: ArrayLike<number>): Random {
    const random = new Random(0);
    random.#state.set(state);
    return random;
  }

  /** The four words of the state, for a checkpoint. */
  state(): Uint32Array {
    return this.#state.slice();
  }

  /** An independent stream named after its purpose. Does not advance this one. */
  fork(purpose: string | number): Random {
    return new Random(`${this.#state.join('.')}/${purpose}`);
  }

  /** The next 32 random bits, 0 … 2³²−1. */
  nextUint32(): number {
    const s = this.#state;
    const result = Math.imul(rotateLeft(Math.imul(s[1], 5), 7), 9) >>> 0;
    const t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotateLeft(s[3], 11);
    return result;
  }

  /** Uniform in [low, high), 53 random bits. */
  uniform(low = 0, high = 1): number {
    const bits = (this.nextUint32() >>> 5) * 67108864 + (this.nextUint32() >>> 6);
    return low + (high - low) * (bits / 9007199254740992);
  }

  /** Uniform integer in [0, count). */
  integer(count: number): number {
    return Math.floor(this.uniform() * count);
  }

  /** Standard normal, by Marsaglia's polar method (no trigonometry, whose last bit differs between engines). */
  normal(mean = 0, deviation = 1): number {
    for (;;) {
      const u = this.uniform(-1, 1);
      const v = this.uniform(-1, 1);
      const s = u * u + v * v;
      if (s > 0 && s < 1) return mean + deviation * u * Math.sqrt((-2 * log(s)) / s);
    }
  }

  /** Shuffles in place (Fisher–Yates) and returns the same array. */
  shuffle<A extends { length: number; [index: number]: unknown }>(items: A): A {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const kept = items[i];
      items[i] = items[j];
      items[j] = kept;
    }
    return items;
  }
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/** FNV-1a over the text, then SplitMix32 to fill four well-mixed words (never all zero). */
function seedState(text: string): Uint32Array {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  const state = new Uint32Array(4);
  let counter = hash >>> 0;
  for (let i = 0; i < 4; i++) {
    counter = (counter + 0x9e3779b9) >>> 0;
    let z = counter;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    state[i] = (z ^ (z >>> 15)) >>> 0;
  }
  if (state.every((word) => word === 0)) state[0] = 1;
  return state;
}
