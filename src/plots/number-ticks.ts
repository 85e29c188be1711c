/** Round numbers along a value axis, written as short as they can be without becoming equal: `0, 1.5k, 3k`. */
import { scaleLinear } from 'd3-scale';

export interface NumberTick {
  readonly value: number;
  readonly label: string;
}

/**
 * About `count` round values, and the domain widened to the first and last of them, which covers [min, max].
 * A constant (min = max) stands in the middle of a domain that a tenth of it, or 1 for zero, makes wide.
 */
export function numberTicks(
  min: number,
  max: number,
  count: number,
): { domain: [number, number]; ticks: NumberTick[] } {
  const margin = min < max ? 0 : Math.abs(min) / 10 || 1;
  const scale = scaleLinear()
    .domain([min - margin, max + margin])
    .nice(count);
  const values = scale.ticks(count);
  const labels = labelTicks(values);
  const [low, high] = scale.domain();
  // Rounding can leave the widened domain one last digit short of what it must cover.
  return {
    domain: [Math.min(low, min), Math.max(high, max)],
    ticks: values.map((value, i) => ({ value, label: labels[i] })),
  };
}

/** One unit and one number of decimals for all values of an axis; grouped digits where a unit would hide the steps. */
export function labelTicks(values: readonly number[]): string[] {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest >= 1e15 || (largest > 0 && largest < 1e-4))
    return values.map((value) =>
      exponential(value, Math.abs(values.length > 1 ? values[1] - values[0] : value) / 1000),
    );
  const unit = UNITS.find(({ from }) => largest >= from) ?? ONE;
  const decimals = decimalsNeeded(values, unit.size);
  const { size, suffix } = decimals > 2 && unit !== ONE ? ONE : unit;
  const places = size === unit.size ? decimals : decimalsNeeded(values, 1);
  return values.map((value) => (value === 0 ? '0' : `${signed(value / size, places)}${suffix}`));
}

/** One value by itself, to four digits: `432`, `12.5k`, `0.03812`. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e15 || (size > 0 && size < 1e-4)) return exponential(value, size / 10_000);
  const unit = UNITS.find(({ from }) => size >= from) ?? ONE;
  const scaled = Number((value / unit.size).toPrecision(4));
  return `${scaled < 0 ? MINUS : ''}${Math.abs(scaled)}${unit.suffix}`;
}

const MINUS = '\u2212';
const ONE = { from: 0, size: 1, suffix: '' };
const UNITS = [
  { from: 1e12, size: 1e12, suffix: 'T' },
  { from: 1e9, size: 1e9, suffix: 'B' },
  { from: 1e6, size: 1e6, suffix: 'M' },
  { from: 1e4, size: 1e3, suffix: 'k' },
];

/** The least number of decimals at which every value is written exactly, but for rounding errors of the tick itself. */
function decimalsNeeded(values: readonly number[], size: number): number {
  const step = Math.abs(values.length > 1 ? values[1] - values[0] : values[0]) / size;
  const isExact = (value: number, decimals: number) =>
    Math.abs(Number((value / size).toFixed(decimals)) - value / size) <= step * 1e-3;
  for (let decimals = 0; decimals < 12; decimals++) {
    if (values.every((value) => isExact(value, decimals))) return decimals;
  }
  return 12;
}

function signed(value: number, decimals: number): string {
  const [whole, fraction] = Math.abs(value).toFixed(decimals).split('.');
  const grouped = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, ',') : whole;
  return `${value < 0 ? MINUS : ''}${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
}

/** With as few digits as are exact within `tolerance`. */
function exponential(value: number, tolerance: number): string {
  if (value === 0) return '0';
  let digits = 0;
  while (digits < 15 && Math.abs(Number(value.toExponential(digits)) - value) > tolerance) digits++;
  return value.toExponential(digits).replace('+', '').replace(/-/g, MINUS);
}
