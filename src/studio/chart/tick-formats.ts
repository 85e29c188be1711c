/** How the time axis is written in Chinese; in English as the pictures do. */
import type { TickFormat } from '../../plots/time-ticks.js';
import type { Language } from '../words/words.js';

const DAY = 86_400_000;

export const TICK_FORMATS: Readonly<Partial<Record<Language, readonly TickFormat[]>>> = {
  zh: [
    { from: 364 * DAY, label: '%Y年', context: '', first: '' },
    { from: 27 * DAY, label: '%-m月', context: '%Y年', first: '%Y年' },
    { from: DAY, label: '%-m月%-d日', context: '%Y年', first: '%Y年' },
    { from: 60_000, label: '%H:%M', context: '%-m月%-d日', first: '%Y年%-m月%-d日' },
    { from: 1000, label: '%H:%M:%S', context: '%-m月%-d日', first: '%Y年%-m月%-d日' },
    { from: 0, label: '%S.%L', context: '%H:%M', first: '%-m月%-d日 %H:%M' },
  ],
};
