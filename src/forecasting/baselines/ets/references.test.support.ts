import { readFileSync } from 'node:fs';
import { type EtsForm, SEASONS } from './form.js';
import { Recursion } from './recursion.js';

/** A form as R fitted it, with what R says of it. */
export interface FormReference extends EtsForm {
  readonly series: string;
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  readonly phi: number;
  readonly level: number;
  readonly slope: number;
  readonly seasons: readonly number[];
  readonly loglik: number;
  readonly aicc: number;
  readonly variance: number;
  readonly mean: readonly number[];
  readonly se: readonly number[];
}

/** By R's forecast package; see make_ets.R. */
export const REFERENCES: {
  readonly series: Record<string, { readonly y: number[]; readonly m: number }>;
  readonly forms: readonly FormReference[];
  readonly automatic: readonly { readonly series: string; readonly method: string; readonly aicc: number }[];
  readonly ses: readonly { series: string; alpha: number; mean: number[]; se: number[] }[];
  readonly admissible: readonly { alpha: number; beta: number; gamma: number; phi: number; m: number; ok: boolean }[];
} = JSON.parse(
  readFileSync(new URL('../../../../src/forecasting/fixtures/ets-references.json', import.meta.url), 'utf8'),
);

export function nameOf({ error, trend, season }: EtsForm): string {
  return `ETS(${error},${trend},${season})`;
}

export function seriesOf(name: string): Float64Array {
  return Float64Array.from(REFERENCES.series[name].y);
}

/** The vector of form.ts with R's parameters. */
export function vectorOf(reference: FormReference): Float64Array {
  const { alpha, beta, gamma, phi, level, slope, seasons } = reference;
  const x = new Float64Array(SEASONS + Math.max(1, seasons.length));
  x.set([alpha, beta, gamma, phi, level, slope, ...seasons]);
  return x;
}

export function referenceRecursion(name: string): Recursion {
  return new Recursion(seriesOf(name), REFERENCES.series[name].m);
}

/** R allows forecasts below zero to multiplicative errors, ours do not: what it made of them cannot be compared. */
export function staysPositive(reference: FormReference): boolean {
  return Number.isFinite(referenceRecursion(reference.series).deviance(reference, vectorOf(reference)));
}
