/** Options of layers, optimisers and training, checked once where the object is built. */
import { usageError } from '../errors.js';

/** What an option must be: a test, and the words for it. */
export type OptionRule = readonly [fits: (value: unknown) => boolean, needed: string];

/** A whole number ≥ 1. */
export const SIZE: OptionRule = [
  (value) => Number.isSafeInteger(value) && (value as number) >= 1,
  'a whole number ≥ 1',
];
export const NOT_NEGATIVE: OptionRule = [
  (value) => Number.isFinite(value) && (value as number) >= 0,
  'a finite number ≥ 0',
];
export const POSITIVE: OptionRule = [(value) => Number.isFinite(value) && (value as number) > 0, 'a finite number > 0'];
/** In (0, 1]. */
export const SHARE: OptionRule = [
  (value) => Number.isFinite(value) && (value as number) > 0 && (value as number) <= 1,
  'a number in (0, 1]',
];
/** A decay rate: in [0, 1). */
export const DECAY: OptionRule = [
  (value) => Number.isFinite(value) && (value as number) >= 0 && (value as number) < 1,
  'a number in [0, 1)',
];
export const FLAG: OptionRule = [(value) => typeof value === 'boolean', 'true or false'];
export const SEED: OptionRule = [
  (value) => typeof value === 'string' || Number.isFinite(value),
  'a finite number or text',
];
export const FUNCTION: OptionRule = [(value) => typeof value === 'function', 'a function'];
export const ENGINE: OptionRule = [(value) => value === 'wasm' || value === 'reference', `'wasm' or 'reference'`];

/** The same rule for an option that may be left out and has no default. */
export function optional([fits, needed]: OptionRule): OptionRule {
  return [(value) => value === undefined || fits(value), needed];
}

/**
 * Fills in the defaults and checks every option; one that is undefined counts as left out.
 *
 * @param what whose options these are, as messages shall name it
 * @throws TidegateError `unknown_option`, `invalid_option`
 */
export function settle<O extends object>(
  what: string,
  options: O,
  rules: { readonly [K in keyof O]-?: OptionRule },
  defaults: Partial<O>,
): Required<O> {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const known = Object.keys(rules);
  const unknown = Object.keys(given).filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw usageError(
      'unknown_option',
      `${what} has no option ${unknown.map((name) => `"${name}"`).join(', ')}; it takes ${known.join(', ')}.`,
    );
  const resolved: Record<string, unknown> = { ...defaults, ...given };
  for (const [name, [fits, needed]] of Object.entries<OptionRule>(rules)) {
    const value = resolved[name];
    if (!fits(value)) {
      const got = value === undefined ? 'nothing' : typeof value === 'string' ? `'${value}'` : String(value);
      throw usageError('invalid_option', `${what} option "${name}" needs ${needed}, got ${got}.`);
    }
  }
  return resolved as Required<O>;
}
