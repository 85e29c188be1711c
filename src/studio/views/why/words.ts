/** The words of this view. */
import { computed } from '@preact/signals';
import { language } from '../../words/words.js';
import { en } from './en.js';
import { zh } from './zh.js';

const DICTIONARIES = { en, zh };
export const say = computed((): typeof en => DICTIONARIES[language.value]);

/** Sentences one after the other; what is not said is left out. */
export const sentences = (...parts: readonly (string | false | null)[]): string =>
  parts.filter((part) => part).join(language.value === 'zh' ? '' : ' ');
