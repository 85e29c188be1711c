/** The words of the page, in the language of the reader. */
import { computed, effect, signal } from '@preact/signals';
import { recall, remember } from '../memory.js';
import { en } from './en.js';
import { zh } from './zh.js';

/** Everything that a language must have. A view with many words has a dictionary of its own beside it, by the same languages. */
export type Words = typeof en;

const DICTIONARIES = { en, zh } satisfies Record<string, Words>;
export type Language = keyof typeof DICTIONARIES;
export const LANGUAGES: readonly { readonly code: Language; readonly name: string }[] = [
  { code: 'en', name: 'English' },
  { code: 'zh', name: '中文' },
];

/** As it was chosen before; else the first language of the browser that there is. */
function firstLanguage(): Language {
  const wished = [recall('language') ?? '', ...navigator.languages].map((tag) => tag.slice(0, 2).toLowerCase());
  return wished.find((tag): tag is Language => tag in DICTIONARIES) ?? 'en';
}

export const language = signal<Language>(firstLanguage());
export const words = computed((): Words => DICTIONARIES[language.value]);

effect(() => {
  document.documentElement.lang = language.value === 'zh' ? 'zh-Hans' : 'en';
});

export function chooseLanguage(code: Language): void {
  remember('language', code);
  language.value = code;
}
