/** Cells learn a task beside each other: what is asked, who learns it, and what came of it. */
import { useEffect } from 'preact/hooks';
import { LaneCards } from './lane-cards.js';
import { LearningChart } from './learning-chart.js';
import { scoreText } from './numbers.js';
import { outcomeOf, progressOf } from './outcome.js';
import {
  failure,
  hasLearned,
  isSampled,
  type Lane,
  lanes,
  MOST_UPDATES,
  sample,
  showSample,
  stage,
  start,
  stop,
} from './race.js';
import { RaceKnobs } from './race-knobs.js';
import { SampleCard } from './sample-card.js';
import { say } from './words.js';

export function RaceCard() {
  useEffect(() => {
    showSample();
    // Nobody watches it any more.
    return stop;
  }, []);
  const { race } = say.value;
  return (
    <section class="card race-card" aria-labelledby="race-title">
      <h2 id="race-title">{race.title}</h2>
      <p class="lead-line">{race.lead}</p>
      <SampleCard />
      <div class="bench">
        <div class="knobs">
          <RaceKnobs />
          <Controls />
        </div>
        <div class="outcome">
          {/* Told when it ends; on the way it would be told too often. */}
          <p class="words verdict-line" aria-live={stage.value === 'running' ? 'off' : 'polite'}>
            {isSampled.value && verdict()}
          </p>
          {isSampled.value && <LearningChart terms={sample.value!} />}
        </div>
      </div>
      {failure.value && <p class="problem message">{failure.value}</p>}
      <LaneCards />
      <p class="quiet">{race.note}</p>
    </section>
  );
}

function Controls() {
  const { race } = say.value;
  const share = progressOf(
    lanes.value.map(({ points }) => points),
    MOST_UPDATES,
  );
  if (stage.value !== 'running')
    return (
      <button type="button" class="primary wide" disabled={!isSampled.value} onClick={() => void start()}>
        {stage.value === 'ready' ? race.start : race.again}
      </button>
    );
  return (
    <div class="progress">
      <progress max={1} value={share} aria-label={race.progress} />
      <button type="button" onClick={stop}>
        {race.stop}
      </button>
    </div>
  );
}

/** What came of the race so far. */
function verdict(): string {
  const { race } = say.value;
  const { memoryless } = sample.value!;
  const learned = lanes.value.filter(hasLearned);
  if (learned.length === 0) return stage.value === 'running' ? race.beginning : race.invitation(MOST_UPDATES);
  const outcome = ({ points }: Lane) => outcomeOf(points, sample.value!);
  const clauses = learned.map((lane) => {
    const name = race.subjects[lane.cell];
    const came = outcome(lane);
    if (came.kind === 'solved') return race.solved(name, came.updates);
    return race[came.kind](name, scoreText(came.best), scoreText(memoryless), stage.value === 'running');
  });
  const solvers = learned.filter((lane) => outcome(lane).kind === 'solved').length;
  if (stage.value === 'running') return race.soFar(clauses);
  if (stage.value === 'stopped') return race.stopped(clauses);
  return solvers === 0 ? race.none(MOST_UPDATES, clauses) : race.all(clauses);
}
