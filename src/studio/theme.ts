/** Light or dark: as the system is, or as chosen here. The style sheet follows the color-scheme of the root element. */
import { effect, signal } from '@preact/signals';
import { recall, remember } from './memory.js';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export const theme = signal<Theme>(THEMES.find((name) => name === recall('theme')) ?? 'system');

const system = matchMedia('(prefers-color-scheme: dark)');
const systemDark = signal(system.matches);
system.addEventListener('change', ({ matches }) => {
  systemDark.value = matches;
});

/** What is seen. */
export const dark = signal(false);

effect(() => {
  remember('theme', theme.value);
  dark.value = theme.value === 'dark' || (theme.value === 'system' && systemDark.value);
  document.documentElement.dataset.theme = dark.value ? 'dark' : 'light';
});
