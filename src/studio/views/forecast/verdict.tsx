/** What the forecast is worth, in the words of the report, and what it is made of. */
import { model, options } from '../../store.js';
import { verdictInChinese } from '../../words/verdict-zh.js';
import { language, words } from '../../words/words.js';
import { Numbers } from './numbers.js';

export function Verdict() {
  const say = words.value.result;
  const made = model.value!;
  const { report, horizon, name, seed } = made;
  const now = options.value;
  const stale = now.horizon !== horizon || now.model !== name || now.seed !== seed;
  const blend = Object.entries(report.model.blend)
    .filter(([, weight]) => weight >= 0.005)
    .sort(([, a], [, b]) => b - a);
  return (
    <section class="card verdict" aria-labelledby="verdict-title">
      <h2 id="verdict-title">{say.verdict}</h2>
      <p class="words" data-testid="verdict">
        {language.value === 'zh' ? verdictInChinese(made) : report.verdict}
      </p>
      {blend.length > 1 && (
        <ul class="blend" aria-label={say.parts}>
          {blend.map(([part, weight]) => (
            <li key={part} style={{ flexGrow: weight }} title={words.value.fit.models[part] ?? part}>
              <span>{part}</span>
              <span class="number">{words.value.fit.percent(weight)}</span>
            </li>
          ))}
        </ul>
      )}
      {stale && <p class="note">{say.stale}</p>}
      <Numbers />
    </section>
  );
}
