/** Which series is looked at: a list of some, a search in many. */
import { useSignal } from '@preact/signals';
import { select } from '../../actions.js';
import { busy, series, table } from '../../store.js';
import { words } from '../../words/words.js';

/** Options that a list may have before it is slow to open. */
const MOST = 200;
/** From so many on a search is worth its place. */
const SEARCHED = 8;

export function SeriesPicker() {
  const wanted = useSignal('');
  const say = words.value.data;
  const all = table.value?.series ?? [];
  const seen = series.value;
  if (!seen) return null;
  if (all.length < 2) return <h2 class="series-name">{seen.id}</h2>;
  const needle = wanted.value.trim().toLowerCase();
  const found = all.map(({ id }, index) => ({ id, index })).filter(({ id }) => id.toLowerCase().includes(needle));
  const shown = found.slice(0, MOST);
  if (!shown.some(({ index }) => index === seen.index)) shown.unshift({ id: seen.id, index: seen.index });
  return (
    <div class="picker">
      <label>
        <span>{say.pick}</span>
        <select
          value={seen.index}
          disabled={busy.value}
          onChange={({ currentTarget }) => void select(Number(currentTarget.value))}
        >
          {shown.map(({ id, index }) => (
            <option key={index} value={index}>
              {id}
            </option>
          ))}
        </select>
      </label>
      {all.length >= SEARCHED && (
        <input
          type="search"
          placeholder={say.find}
          aria-label={say.find}
          value={wanted.value}
          onInput={({ currentTarget }) => {
            wanted.value = currentTarget.value;
          }}
          onKeyDown={({ key }) => {
            if (key === 'Enter' && found.length > 0) void select(found[0].index);
          }}
        />
      )}
      <span class="quiet number">{say.found(found.length, all.length)}</span>
    </div>
  );
}
