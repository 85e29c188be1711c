/** The series that is looked at, to zoom and move in; the values under the cursor in words below. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { shortNumber } from '../../../plots/number-ticks.js';
import { listenToGestures } from '../../chart/gestures.js';
import { firstWindow, plotData } from '../../chart/plot-data.js';
import { stampText } from '../../chart/stamp-text.js';
import { TimeChart } from '../../chart/time-chart.js';
import type { Range } from '../../chart/window.js';
import { model, series, table } from '../../store.js';
import { dark } from '../../theme.js';
import { language, words } from '../../words/words.js';
import { Overview } from './overview.js';

/** Points from which on a strip of the whole series helps to find one's way. */
const WORTH_A_STRIP = 60;

export function Chart() {
  const surface = useRef<HTMLDivElement>(null);
  const chart = useRef<TimeChart | null>(null);
  const point = useSignal<number | null>(null);
  const seen = useSignal<Range | null>(null);
  const view = series.value;
  const kind = table.value?.kind ?? 'date';

  useEffect(() => {
    const host = surface.current;
    if (!host || !view) return;
    const made = new TimeChart(
      host,
      plotData(view),
      kind,
      firstWindow(view),
      (index) => {
        point.value = index;
      },
      (range) => {
        const [from, to] = range;
        seen.value = range;
        host.dataset.from = `${from}`;
        host.dataset.to = `${to}`;
      },
    );
    chart.current = made;
    const silence = listenToGestures(host, {
      zoom: (at, factor) => made.zoom(at, factor),
      move: (by) => made.move(by),
      all: () => made.all(),
      whole: () => made.whole,
    });
    const watcher = new ResizeObserver(() => made.resize(host));
    watcher.observe(host);
    return () => {
      watcher.disconnect();
      silence();
      made.destroy();
      chart.current = null;
    };
  }, [view, kind]);

  useEffect(() => chart.current?.redraw(), [dark.value, language.value]);

  if (!view) return null;
  const say = words.value.result;
  return (
    <div class="chart">
      <div class="row tools">
        <Legend />
        <div class="buttons">
          <button
            type="button"
            class="round"
            aria-label={say.zoomIn}
            title={say.zoomIn}
            onClick={() => chart.current?.zoom(0.5, 0.6)}
          >
            +
          </button>
          <button
            type="button"
            class="round"
            aria-label={say.zoomOut}
            title={say.zoomOut}
            onClick={() => chart.current?.zoom(0.5, 1.7)}
          >
            −
          </button>
          <button type="button" class="plain" onClick={() => chart.current?.all()}>
            {say.all}
          </button>
          {view.forecast && (
            <button type="button" class="plain" onClick={() => chart.current?.show(firstWindow(view))}>
              {say.near}
            </button>
          )}
        </div>
      </div>
      {/* biome-ignore lint/a11y: keys zoom and move it, as its name says */}
      <div ref={surface} class="surface" role="application" tabIndex={0} aria-label={say.chart(view.id)} />
      {view.time.length >= WORTH_A_STRIP && (
        <Overview view={view} seen={seen} onCentre={(time) => chart.current?.centre(time)} />
      )}
      <Reading index={point.value} />
    </div>
  );
}

function Legend() {
  const say = words.value.result;
  const made = model.value;
  return (
    <ul class="legend">
      <li>
        <i class="key known" />
        {say.history}
      </li>
      {made && (
        <>
          <li>
            <i class="key forecast" />
            {say.forecast}
          </li>
          {made.levels.map((level, i) => (
            <li key={level}>
              <i class={`key band ${i === 0 ? 'inner' : ''}`} />
              {say.interval(level)}
            </li>
          ))}
          <li>
            <i class="key baseline" />
            {say.baseline[made.baseline] ?? made.baseline}
          </li>
        </>
      )}
    </ul>
  );
}

/** The values at a point; a hint where there is none. */
function Reading({ index }: { readonly index: number | null }) {
  const view = series.value;
  const say = words.value.result;
  if (!view || index === null) return <p class="reading quiet">{say.hint}</p>;
  const { time, y, forecast } = view;
  const kind = table.value?.kind ?? 'date';
  const k = index - time.length;
  if (k < 0)
    return (
      <p class="reading">
        <span class="number">{stampText(kind, time[index])}</span> {say.history}{' '}
        <strong class="number">{Number.isNaN(y[index]) ? '–' : shortNumber(y[index])}</strong>
      </p>
    );
  if (!forecast || k >= forecast.time.length) return <p class="reading quiet">{say.hint}</p>;
  return (
    <p class="reading">
      <span class="number">{stampText(kind, forecast.time[k])}</span> {say.forecast}{' '}
      <strong class="number">{shortNumber(forecast.median[k])}</strong>
      {forecast.bands.map(({ level, lo, hi }) => (
        <span key={level} class="number">
          {` · ${level} %: ${shortNumber(lo[k])} … ${shortNumber(hi[k])}`}
        </span>
      ))}
    </p>
  );
}
