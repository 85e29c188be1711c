/** Title and subtitle at the head of a picture. */
import { fitText, text } from './svg.js';
import { SIZE } from './theme.js';

interface Heading {
  readonly title: string;
  readonly subtitle?: string | undefined;
  /** What the values are: in small multiples said here, as there is no room for it in each. */
  readonly valueLabel?: string | undefined;
  readonly panels: readonly unknown[];
}

/** The lines, and where the next one may stand. */
export function drawHeading(
  { title, subtitle, valueLabel, panels }: Heading,
  edge: number,
  room: number,
): { markup: string; next: number } {
  const first = text('title', edge, 36, fitText(title, SIZE.title, room * 0.95));
  const second = [subtitle, panels.length > 1 ? valueLabel : undefined].filter(Boolean).join(' · ');
  if (second === '') return { markup: first, next: 62 };
  return { markup: first + text('subtitle muted', edge, 57, fitText(second, SIZE.subtitle, room)), next: 83 };
}
