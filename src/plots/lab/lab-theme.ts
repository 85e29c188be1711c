/**
 * How lines of the lab are told apart: by hue, lightness, dashes and markers together, and by a label at their end, so that
 * a picture still tells them apart in grey and for any eye. Hues after Okabe & Ito 2008, darkened for white ground.
 */
import { ROOT_CLASS } from '../theme.js';

export type Marker = 'circle' | 'square' | 'triangle' | 'diamond' | 'cross' | 'ring';

interface LineStyle {
  readonly light: string;
  readonly dark: string;
  readonly dashes: string | null;
  readonly marker: Marker;
}

/** In the order in which lines get them. */
export const LINE_STYLES: readonly LineStyle[] = [
  { light: '#0b5cad', dark: '#79bbff', dashes: null, marker: 'circle' },
  { light: '#c2500a', dark: '#f0915a', dashes: '8 3', marker: 'square' },
  { light: '#00785a', dark: '#4fd1ab', dashes: '2 3', marker: 'triangle' },
  { light: '#8b4a78', dark: '#dd9cc9', dashes: '10 3 2 3', marker: 'diamond' },
  { light: '#7a6a00', dark: '#e0cf57', dashes: null, marker: 'cross' },
  { light: '#36404e', dark: '#c9d0d9', dashes: '5 2 2 2 2 2', marker: 'ring' },
  { light: '#3d8fdc', dark: '#4a97e0', dashes: '4 2', marker: 'square' },
  { light: '#a3201c', dark: '#ff8f86', dashes: '12 3', marker: 'triangle' },
  { light: '#2e8540', dark: '#83d98f', dashes: '6 2 1 2', marker: 'circle' },
  { light: '#5f4bb6', dark: '#b3a5f5', dashes: '3 3 8 3', marker: 'cross' },
  { light: '#616c7b', dark: '#9aa5b3', dashes: '1 2', marker: 'diamond' },
  { light: '#96500f', dark: '#e8b27a', dashes: null, marker: 'ring' },
];

/** Number of the style of line `index`; after the last they begin again. */
export function styleOf(index: number): number {
  return index % LINE_STYLES.length;
}

/** The rules that are added to the common ones. */
export function labRules(): string {
  const rule = (selector: string, declarations: string) => `.${ROOT_CLASS} ${selector}{${declarations}}`;
  const shapes = LINE_STYLES.map(({ dashes }, i) => (dashes ? rule(`.line-${i}`, `stroke-dasharray:${dashes}`) : ''));
  const colors = (tone: 'light' | 'dark') =>
    LINE_STYLES.map(({ [tone]: color }, i) =>
      [
        rule(`.line-${i}`, `stroke:${color}`),
        rule(`.mark-${i}`, `stroke:${color};fill:${color}`),
        rule(`.hollow-${i}`, `stroke:${color}`),
        rule(`.spread-${i}`, `fill:${color}`),
      ].join(''),
    ).join('');
  return [
    rule('.line', 'fill:none;stroke-width:1.75;stroke-linejoin:round;stroke-linecap:butt'),
    rule('.mark', 'stroke-width:1.25'),
    rule('.hollow', 'fill:none;stroke-width:1.5'),
    rule('.spread', 'stroke:none;fill-opacity:.13'),
    rule('.thin', 'stroke-width:.9'),
    rule('.leader', 'fill:none;stroke-width:.75'),
    ...shapes,
    colors('light'),
    rule('.leader', 'stroke:#b4bcc7'),
    `@media (prefers-color-scheme:dark){${colors('dark')}${rule('.leader', 'stroke:#535f6e')}}`,
  ].join('');
}
