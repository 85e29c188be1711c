/** Each cell by itself: how far it is, and its answers beside the right ones. */
import { AnswersByClass, AnswersByNumber } from './answers.js';
import { scoreText } from './numbers.js';
import { type Lane, lanes, MOST_UPDATES, sample } from './race.js';
import { TONES } from './tones.js';
import { say } from './words.js';

export function LaneCards() {
  if (lanes.value.length === 0) return null;
  const { race } = say.value;
  return (
    <div class="lanes-part">
      <h3>{race.answers[sample.value!.name]}</h3>
      <ul class="lanes">
        {lanes.value.map((lane) => (
          <li key={lane.cell} class={`lane tone-${TONES[lane.cell]}`}>
            <OneLane lane={lane} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function OneLane({ lane: { cell, points } }: { readonly lane: Lane }) {
  const { race } = say.value;
  const last = points.at(-1);
  const { name: task } = sample.value!;
  return (
    <>
      <p class="lane-name">
        <span class={`key${cell === 'lstm-short' ? ' dashed' : ''}`} />
        <strong>{race.cells[cell]}</strong>
        {last?.solved && <span class="solved">{race.isSolved}</span>}
      </p>
      {last?.answers ? (
        task === 'adding' ? (
          <AnswersByNumber {...last.answers} />
        ) : (
          <AnswersByClass {...last.answers} />
        )
      ) : null}
      <p class="quiet number">
        {last ? race.standing(last.updates, MOST_UPDATES, race.score[task](scoreText(last.score))) : race.beginning}
      </p>
    </>
  );
}
