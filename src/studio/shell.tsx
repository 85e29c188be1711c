/** The frame of the page: name, tabs, language, light or dark; and in it the view of the route. */
import { type Signal, signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { ROUTES, type Route, route } from './route.js';
import { THEMES, type Theme, theme } from './theme.js';
import { ForecastView } from './views/forecast/forecast-view.js';
import { chooseLanguage, LANGUAGES, language, words } from './words/words.js';

/** The views: the first is there at once, the others come when their tab is opened. */
const VIEWS: Readonly<Record<Route, Signal<ComponentType | null>>> = {
  forecast: signal<ComponentType | null>(ForecastView),
  inside: signal<ComponentType | null>(null),
  why: signal<ComponentType | null>(null),
};
const LOADERS: Partial<Record<Route, () => Promise<{ default: ComponentType }>>> = {
  inside: () => import('./views/inside/inside-view.js'),
  why: () => import('./views/why/why-view.js'),
};

async function load(name: Route): Promise<void> {
  const loaded = await LOADERS[name]?.();
  if (loaded) VIEWS[name].value = loaded.default;
}

export function Shell() {
  const name = route.value;
  const View = VIEWS[name].value;
  if (!View) void load(name);
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById('main')?.focus()}>
        {words.value.shell.skip}
      </button>
      <header class="top">
        <a class="brand" href="#forecast" aria-label="Tidegate">
          <img src="./icon.svg" alt="" width="28" height="28" />
          <span>Tidegate</span>
        </a>
        <nav aria-label={words.value.shell.views}>
          {ROUTES.map((one) => (
            <a key={one} class="tab" href={`#${one}`} aria-current={one === name ? 'page' : undefined}>
              {words.value.shell.tabs[one]}
            </a>
          ))}
        </nav>
        <div class="settings">
          <Languages />
          <Themes />
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        {View ? <View /> : <p class="quiet">{words.value.shell.loading}</p>}
      </main>
    </>
  );
}

function Languages() {
  return (
    <fieldset class="switch" aria-label={words.value.shell.language}>
      {LANGUAGES.map(({ code, name }) => (
        <button
          key={code}
          type="button"
          lang={code === 'zh' ? 'zh-Hans' : code}
          aria-pressed={language.value === code}
          onClick={() => chooseLanguage(code)}
        >
          {name}
        </button>
      ))}
    </fieldset>
  );
}

const SIGNS: Readonly<Record<Theme, string>> = { system: '◐', light: '○', dark: '●' };

function Themes() {
  const next = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length];
  const { theme: name, themes } = words.value.shell;
  return (
    <button
      type="button"
      class="round"
      title={`${name}: ${themes[theme.value]}`}
      aria-label={`${name}: ${themes[theme.value]}`}
      onClick={() => {
        theme.value = next;
      }}
    >
      <span aria-hidden="true">{SIGNS[theme.value]}</span>
    </button>
  );
}
