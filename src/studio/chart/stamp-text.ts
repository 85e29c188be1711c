/** A time as it is shown beside a value: `1960-12-01`, `2024-01-31 18:00`, `17`. */
import type { TimeKind } from '../../index-browser.js';

export function stampText(kind: TimeKind, time: number): string {
  if (kind === 'integer') return `${time}`;
  const [date, clock] = new Date(time).toISOString().split('T');
  return kind === 'date' ? date : `${date} ${clock.slice(0, clock.startsWith('00', 6) ? 5 : 8)}`;
}
