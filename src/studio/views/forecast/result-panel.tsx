/** The picture, what it says, and what can be taken away. */
import { model } from '../../store.js';
import { words } from '../../words/words.js';
import { Backtest } from './backtest.js';
import { Chart } from './chart.js';
import { Downloads } from './downloads.js';
import { SeriesPicker } from './series-picker.js';
import { Verdict } from './verdict.js';

export function ResultPanel() {
  return (
    <>
      <section class="card chart-card" aria-label={words.value.result.forecast}>
        <SeriesPicker />
        <Chart />
      </section>
      {model.value && <Verdict />}
      {model.value && <Downloads />}
      <Backtest />
    </>
  );
}
