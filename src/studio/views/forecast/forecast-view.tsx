/** Drop a table, see it, forecast it, judge the forecast, take it away. */
import { source, table } from '../../store.js';
import { DataPanel } from './data-panel.js';
import { useDropAnywhere } from './drop-anywhere.js';
import { FitPanel } from './fit-panel.js';
import { ProblemNote } from './problem-note.js';
import { ResultPanel } from './result-panel.js';
import { Start } from './start.js';

export function ForecastView() {
  useDropAnywhere();
  if (!source.value && !table.value) return <Start />;
  return (
    <div class="workbench">
      <div class="side">
        <DataPanel />
        {table.value && <FitPanel />}
      </div>
      <div class="stage">
        <ProblemNote at={['read', 'open']} />
        {table.value && <ResultPanel />}
      </div>
    </div>
  );
}
