/** The back-test: a table of models and measures, a verdict, and the picture that the command draws. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { ModelName } from '../../../index-browser.js';
import { backtestPicture, runBacktest, stop } from '../../actions.js';
import { saveFile } from '../../save-file.js';
import { backtest, busy, job, options, source } from '../../store.js';
import { backtestInChinese } from '../../words/backtest-verdict-zh.js';
import { language, words } from '../../words/words.js';
import type { BacktestView } from '../../work/views.js';
import { ProblemNote } from './problem-note.js';
import { ProgressLine } from './progress-line.js';

const OFFERED: readonly ModelName[] = ['auto', 'lstm', 'gru', 'ets', 'theta', 'seasonal-naive', 'naive'];

export function Backtest() {
  const say = words.value.backtest;
  const chosen = useSignal<readonly ModelName[]>(['auto', 'ets', 'seasonal-naive']);
  if (!source.value) return null;
  const { windows } = options.value;
  const toggle = (name: ModelName) => {
    chosen.value = OFFERED.filter((one) => (one === name) !== chosen.value.includes(one));
  };
  return (
    <section class="card backtest" aria-labelledby="backtest-title">
      <h2 id="backtest-title">{say.title}</h2>
      <p class="quiet">{say.lead}</p>
      <fieldset class="chips">
        <legend class="unseen">{say.models}</legend>
        {OFFERED.map((name) => (
          <label key={name} class="chip">
            <input type="checkbox" checked={chosen.value.includes(name)} onChange={() => toggle(name)} />
            <span>{name}</span>
          </label>
        ))}
      </fieldset>
      <div class="row near">
        <label class="choice short">
          <span>{say.windows}</span>
          <input
            type="number"
            min={1}
            max={20}
            value={windows}
            onChange={({ currentTarget }) => {
              options.value = { ...options.value, windows: Math.max(1, Math.round(Number(currentTarget.value)) || 1) };
            }}
          />
        </label>
        {job.value?.kind !== 'backtest' && (
          <button
            type="button"
            disabled={busy.value || chosen.value.length === 0}
            onClick={() => void runBacktest(chosen.value)}
          >
            {backtest.value ? say.again : say.go}
          </button>
        )}
      </div>
      <ProgressLine kinds={['backtest']} onStop={stop} />
      <ProblemNote at={['backtest']} />
      {backtest.value && <Scores result={backtest.value} />}
    </section>
  );
}

interface Measure {
  readonly name: string;
  readonly values: readonly number[];
  /** Smaller is better. */
  readonly distance: (value: number) => number;
}

function measuresOf({ scores, several, levels }: BacktestView): Measure[] {
  const own = (value: number) => value;
  return [
    { name: 'sMAPE', values: scores.map(({ smape }) => smape), distance: own },
    { name: 'MASE', values: scores.map(({ mase }) => mase), distance: own },
    several
      ? { name: 'RMSSE', values: scores.map(({ rmsse }) => rmsse), distance: own }
      : { name: 'RMSE', values: scores.map(({ rmse }) => rmse), distance: own },
    { name: 'WQL', values: scores.map(({ wql }) => wql), distance: own },
    ...levels.map((level) => ({
      name: words.value.backtest.inside(level),
      values: scores.map(({ coverage }) => Math.round(coverage[level] * 1000) / 10),
      distance: (value: number) => Math.abs(value - level),
    })),
  ];
}

function Scores({ result }: { readonly result: BacktestView }) {
  const say = words.value.backtest;
  const measures = measuresOf(result);
  const best = measures.map(({ values, distance }) => Math.min(...values.map(distance).filter(Number.isFinite)));
  return (
    <div class="scores">
      <p class="words">{language.value === 'zh' ? backtestInChinese(result) : result.verdict}</p>
      {/* biome-ignore lint/a11y: it scrolls sideways, which keys must be able to do */}
      <div class="scroll" tabIndex={0} role="region" aria-label={say.title}>
        <table>
          <thead>
            <tr>
              <th scope="col">{say.model}</th>
              {measures.map(({ name }) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
              <th scope="col">{say.seconds}</th>
            </tr>
          </thead>
          <tbody>
            {result.scores.map(({ model, seconds }, row) => (
              <tr key={model}>
                <th scope="row">{model}</th>
                {measures.map(({ name, values, distance }, m) => {
                  const wins = result.scores.length > 1 && distance(values[row]) === best[m];
                  return (
                    <td key={name} class={wins ? 'best' : undefined} title={wins ? say.best : undefined}>
                      {Number.isFinite(values[row]) ? Number(values[row].toPrecision(4)) : '–'}
                    </td>
                  );
                })}
                <td>{seconds.toFixed(1)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="quiet">{say.metrics}</p>
      <Picture of={result} label={say.picture} />
      <button type="button" onClick={() => saveFile('backtest.csv', result.csv, 'text/csv')}>
        {say.csv}
      </button>
    </div>
  );
}

/** The picture of a back-test: an SVG by its address, for it has styles inside, which the page itself does not allow. */
function Picture({ of, label }: { readonly of: BacktestView; readonly label: string }) {
  const address = useSignal('');
  const reader = language.value;
  useEffect(() => {
    let drawn = '';
    let wanted = true;
    const show = (svg: string) => {
      if (!wanted) return;
      drawn = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
      address.value = drawn;
    };
    // It fails only when the worker was ended meanwhile, and the back-test with it.
    void backtestPicture(reader).then(show, () => {});
    return () => {
      wanted = false;
      URL.revokeObjectURL(drawn);
    };
  }, [of, reader]);
  return address.value && <img class="picture" src={address.value} alt={label} />;
}
