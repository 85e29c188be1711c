/** The options of an LSTM layer, checked once where the layer is built. */
import { usageError } from '../errors.js';
import type { EngineKind } from './engine-kind.js';

export interface LSTMOptions<E extends EngineKind = EngineKind> {
  /** D: numbers per step and sequence. */
  inputSize: number;
  /** H: hidden units of every layer. */
  hiddenSize: number;
  /** Layers on top of each other, each fed by the output of the one below. Default 1. */
  numLayers?: number;
  /** Whether there are biases (two per layer, as in PyTorch). Default true. */
  bias?: boolean;
  /** Added to the forget gate's part of every `bias_ih` at the start; no effect without biases. Default 1; PyTorch's start is 0. */
  forgetBias?: number;
  /** How parameters start. `default`: uniform in ±1/√H, as PyTorch. */
  init?: 'default';
  /** Seed of the start values; equal seeds give equal layers, on either engine (rounded to float32 on `wasm`). Default 0. */
  seed?: number | string;
  /** Default `wasm`. */
  engine?: E;
}

const DEFAULTS = { numLayers: 1, bias: true, forgetBias: 1, init: 'default', seed: 0, engine: 'wasm' } as const;

/** What each option must be: a test, and the words for it. */
const RULES: Record<keyof LSTMOptions, [(value: unknown) => boolean, string]> = {
  inputSize: [isSize, 'a whole number ≥ 1'],
  hiddenSize: [isSize, 'a whole number ≥ 1'],
  numLayers: [isSize, 'a whole number ≥ 1'],
  bias: [(value) => typeof value === 'boolean', 'true or false'],
  forgetBias: [Number.isFinite, 'a finite number'],
  init: [(value) => value === 'default', `'default'`],
  seed: [(value) => typeof value === 'string' || Number.isFinite(value), 'a finite number or text'],
  engine: [(value) => value === 'wasm' || value === 'reference', `'wasm' or 'reference'`],
};

/** A whole number ≥ 1. */
export function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}

/**
 * Fills in the defaults; an option that is undefined counts as left out.
 *
 * @throws TidegateError `unknown_option`, `invalid_option`
 */
export function resolveOptions<E extends EngineKind>(options: LSTMOptions<E>): Required<LSTMOptions<E>> {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const known = Object.keys(RULES);
  const unknown = Object.keys(given).filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw usageError(
      'unknown_option',
      `LSTM has no option ${unknown.map((name) => `"${name}"`).join(', ')}; it takes ${known.join(', ')}.`,
    );
  const resolved: Record<string, unknown> = { ...DEFAULTS, ...given };
  for (const [name, [fits, needed]] of Object.entries(RULES)) {
    const value = resolved[name];
    if (!fits(value)) {
      const got = value === undefined ? 'nothing' : typeof value === 'string' ? `'${value}'` : String(value);
      throw usageError('invalid_option', `LSTM option "${name}" needs ${needed}, got ${got}.`);
    }
  }
  return resolved as unknown as Required<LSTMOptions<E>>;
}
