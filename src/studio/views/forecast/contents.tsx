/** The columns of a file that is no table yet, with their first values: what there is to choose from. */
import { source } from '../../store.js';
import { words } from '../../words/words.js';

export function Contents() {
  const say = words.value.data;
  if (!source.value) return null;
  return (
    <section class="card" aria-labelledby="contents-title">
      <h2 id="contents-title">{say.holds}</h2>
      {/* biome-ignore lint/a11y: it scrolls sideways, which keys must be able to do */}
      <div class="scroll" tabIndex={0} role="region" aria-label={say.holds}>
        <table class="words-table">
          <thead>
            <tr>
              <th scope="col">{say.column}</th>
              <th scope="col">{say.kind}</th>
              <th scope="col">{say.values}</th>
            </tr>
          </thead>
          <tbody>
            {source.value.columns.map(({ name, look, examples }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{say.looks[look]}</td>
                <td>{examples.join(', ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
