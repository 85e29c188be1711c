/** The LSTM of the page at work: its gates over the user's series, step by step. */
import './inside.css';
import { useEffect } from 'preact/hooks';
import { model, series, table } from '../../store.js';
import { SeriesPicker } from '../forecast/series-picker.js';
import { CellCard } from './cell-card.js';
import { HeatMaps } from './heat-maps.js';
import { failure, hindrance, lookAt, lookAway, traces } from './looking.js';
import { NetworkPicker } from './network-picker.js';
import { NothingYet } from './nothing-yet.js';
import { SeriesStrip } from './series-strip.js';
import { TimeBar } from './time-bar.js';
import { UnitCard } from './unit-card.js';
import { say } from './words.js';

export default function InsideView() {
  const fitted = model.value;
  const index = series.value?.index;
  useEffect(() => {
    if (fitted && index !== undefined) void lookAt(index);
    else lookAway();
  }, [fitted, index]);
  const { title, lead } = say.value;
  return (
    <div class="inside">
      <div class="intro">
        <h1>{title}</h1>
        <p>{lead}</p>
      </div>
      {fitted && !hindrance.value ? <Inside /> : <NothingYet />}
    </div>
  );
}

function Inside() {
  if (failure.value) return <p class="problem message">{failure.value}</p>;
  if (!traces.value) return <p class="quiet">{say.value.looking}</p>;
  return (
    <>
      <section class="card time-card" aria-label={say.value.time}>
        <div class="row choose">
          {(table.value?.series.length ?? 0) > 1 && <SeriesPicker />}
          <NetworkPicker />
        </div>
        <SeriesStrip />
      </section>
      <TimeBar />
      <div class="pair">
        <CellCard />
        <UnitCard />
      </div>
      <HeatMaps />
    </>
  );
}
