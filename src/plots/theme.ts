/**
 * The look that all our pictures share. Light by default, dark where the reader's system asks for it. One blue for
 * what is forecast and a neutral dark for what is known, so that nothing depends on telling hues apart: the forecast
 * line is also thicker, bands differ in lightness, actual values carry rings.
 *
 * Plain class selectors only, without variables or ids: SVG converters know little CSS, and several pictures may be
 * inlined in one page.
 */

export const FONT = 'system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"DejaVu Sans",sans-serif';

/** Font sizes in pixels. */
export const SIZE = { title: 18, subtitle: 13, label: 12, tick: 11 } as const;

/** The root element's class, which keeps the rules below inside the picture. */
export const ROOT_CLASS = 'tidegate-plot';

interface Palette {
  readonly ground: string;
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  readonly zero: string;
  readonly known: string;
  readonly forecast: string;
  readonly band: string;
}

const LIGHT: Palette = {
  ground: '#ffffff',
  text: '#1b2330',
  muted: '#616c7b',
  grid: '#e9ecf0',
  zero: '#b4bcc7',
  known: '#36404e',
  forecast: '#0b5cad',
  band: '#3d8fdc',
};

const DARK: Palette = {
  ground: '#12171e',
  text: '#e8ebef',
  muted: '#9aa5b3',
  grid: '#262d37',
  zero: '#535f6e',
  known: '#c9d0d9',
  forecast: '#79bbff',
  band: '#4a97e0',
};

/** The style element's content. Bands lie on each other, so every narrower one comes out stronger. */
export function styleSheet(): string {
  const fixed = [
    rule('.text', `font-family:${FONT};font-variant-numeric:tabular-nums`),
    rule('.title', `font-size:${SIZE.title}px;font-weight:600`),
    rule('.subtitle', `font-size:${SIZE.subtitle}px`),
    rule('.label', `font-size:${SIZE.label}px`),
    rule('.panel-title', `font-size:${SIZE.label}px;font-weight:600`),
    rule('.tick', `font-size:${SIZE.tick}px`),
    rule('.grid,.zero,.origin', 'fill:none;stroke-width:1'),
    rule('.origin', 'stroke-dasharray:2 3'),
    rule('.known,.actual,.forecast', 'fill:none;stroke-linejoin:round;stroke-linecap:round'),
    rule('.known', 'stroke-width:1.5'),
    rule('.dense', 'stroke-width:.75'),
    rule('.actual', 'stroke-width:1.25'),
    rule('.ring', 'stroke-width:1.25'),
    rule('.forecast', 'stroke-width:2.5'),
    rule('.band', 'stroke:none;fill-opacity:.22'),
  ];
  return `${fixed.join('')}${colors(LIGHT)}@media (prefers-color-scheme:dark){${colors(DARK)}}`;
}

function colors(palette: Palette): string {
  return [
    rule('.ground', `fill:${palette.ground}`),
    rule('.text', `fill:${palette.text}`),
    rule('.muted', `fill:${palette.muted}`),
    rule('.grid', `stroke:${palette.grid}`),
    rule('.zero,.origin', `stroke:${palette.zero}`),
    rule('.known,.actual,.ring', `stroke:${palette.known}`),
    rule('.ring', `fill:${palette.ground}`),
    rule('.forecast', `stroke:${palette.forecast}`),
    rule('.end', `fill:${palette.forecast}`),
    rule('.band', `fill:${palette.band}`),
  ].join('');
}

function rule(selectors: string, declarations: string): string {
  const scoped = selectors.split(',').map((selector) => `.${ROOT_CLASS} ${selector}`);
  return `${scoped.join(',')}{${declarations}}`;
}
