/** The word of one step, by the alias of a frequency: `MS` is a month. A multiple such as `15min` is a step. */
export function unitOf(alias: string): string {
  const [name] = alias.split('-');
  return UNITS[name] ?? 'step';
}

const UNITS: Readonly<Record<string, string>> = {
  s: 'second',
  min: 'minute',
  h: 'hour',
  D: 'day',
  B: 'business-day',
  W: 'week',
  MS: 'month',
  ME: 'month',
  M: 'month',
  QS: 'quarter',
  QE: 'quarter',
  YS: 'year',
  YE: 'year',
};
