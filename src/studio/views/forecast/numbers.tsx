/** The forecast of the series as a table: the picture for those who do not see it, and for copying. */
import { shortNumber } from '../../../plots/number-ticks.js';
import { stampText } from '../../chart/stamp-text.js';
import { model, series, table } from '../../store.js';
import { words } from '../../words/words.js';

/** Rows that a page can bear; the download has all. */
const MOST = 100;

export function Numbers() {
  const say = words.value.result;
  const forecast = series.value?.forecast;
  if (!forecast || !model.value) return null;
  const kind = table.value?.kind ?? 'date';
  const rows = [...forecast.time.slice(0, MOST)];
  return (
    <details class="numbers">
      <summary>{say.table}</summary>
      {/* biome-ignore lint/a11y: it scrolls sideways, which keys must be able to do */}
      <div class="scroll" tabIndex={0} role="region" aria-label={say.table}>
        <table>
          <thead>
            <tr>
              <th scope="col">{say.when}</th>
              <th scope="col">{say.forecast}</th>
              {forecast.bands.map(({ level }) => (
                <th key={level} scope="col">
                  {say.interval(level)}
                </th>
              ))}
              <th scope="col">{say.baseline[model.value.baseline] ?? model.value.baseline}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((time, k) => (
              <tr key={time}>
                <th scope="row">{stampText(kind, time)}</th>
                <td>{shortNumber(forecast.median[k])}</td>
                {forecast.bands.map(({ level, lo, hi }) => (
                  <td key={level}>{`${shortNumber(lo[k])} … ${shortNumber(hi[k])}`}</td>
                ))}
                <td>{shortNumber(forecast.baseline[k])}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
