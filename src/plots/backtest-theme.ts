/**
 * Lines of several models beside each other: the first as every forecast of ours, blue and thick; the others thinner, each
 * with its own dashes and lightness, so that they are told apart in grey and by any eye. Hues after Okabe & Ito 2008.
 */
import { ROOT_CLASS } from './theme.js';

/** Of the second model and on; after the last they begin again. */
const OTHERS = [
  { light: '#c2500a', dark: '#f0915a', dashes: '8 3' },
  { light: '#00785a', dark: '#4fd1ab', dashes: '2 3' },
  { light: '#8b4a78', dark: '#dd9cc9', dashes: '10 3 2 3' },
  { light: '#7a6a00', dark: '#e0cf57', dashes: '5 2 2 2 2 2' },
];

/** The class of a model's line. */
export function lineClass(model: number): string {
  return model === 0 ? 'forecast' : `other other-${((model - 1) % OTHERS.length) + 1}`;
}

/** The rules that are added to the common ones. */
export function lineRules(): string {
  const shape = OTHERS.map(({ dashes }, i) => `.${ROOT_CLASS} .other-${i + 1}{stroke-dasharray:${dashes}}`).join('');
  const colors = (tone: 'light' | 'dark') =>
    OTHERS.map((other, i) => `.${ROOT_CLASS} .other-${i + 1}{stroke:${other[tone]}}`).join('');
  const common = `.${ROOT_CLASS} .other{fill:none;stroke-width:1.75;stroke-linejoin:round}`;
  return `${common}${shape}${colors('light')}@media (prefers-color-scheme:dark){${colors('dark')}}`;
}
