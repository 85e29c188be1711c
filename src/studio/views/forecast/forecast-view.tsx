/** Drop a table, see it, forecast it, judge the forecast, take it away. */
import { useEffect, useRef } from 'preact/hooks';
import { model, problem, source, table } from '../../store.js';
import { Contents } from './contents.js';
import { DataPanel } from './data-panel.js';
import { useDropAnywhere } from './drop-anywhere.js';
import { FitPanel } from './fit-panel.js';
import { ProblemNote } from './problem-note.js';
import { ResultPanel } from './result-panel.js';
import { Start } from './start.js';

export function ForecastView() {
  useDropAnywhere();
  const stage = useRef<HTMLDivElement>(null);
  // On a phone the picture is below the button: it is brought into view when there is something new.
  useEffect(() => {
    const top = stage.current?.getBoundingClientRect().top ?? 0;
    if (model.value && top > innerHeight / 2) stage.current?.scrollIntoView({ behavior: 'smooth' });
  }, [model.value]);
  if (!source.value && !table.value) return <Start />;
  return (
    <div class={table.value ? 'workbench' : 'workbench unread'}>
      <div class="side">
        <DataPanel />
        {table.value && <FitPanel />}
      </div>
      <div class="stage" ref={stage}>
        <ProblemNote at={['read', 'open']} />
        {table.value ? <ResultPanel /> : problem.value && <Contents />}
      </div>
    </div>
  );
}
