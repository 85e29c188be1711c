/** What can be set of the race: the task, its length, and who learns beside the plain RNN. */
import { Choice } from '../../choice.js';
import { Knob } from './knob.js';
import { BESIDE, LONGEST, type Racer, set, settings, TASKS, type TaskName } from './race.js';
import { say } from './words.js';

export function RaceKnobs() {
  const { race, gradient } = say.value;
  const { task, length, beside } = settings.value;
  const toggle = (cell: Racer) => set({ beside: BESIDE.filter((one) => (one === cell) !== beside.includes(one)) });
  return (
    <>
      <Choice
        label={race.task}
        value={task}
        names={Object.keys(TASKS) as TaskName[]}
        called={race.tasks}
        onChoose={(name) => set({ task: name })}
      />
      <Knob
        name={race.length}
        value={length}
        text={gradient.steps(length)}
        {...{ min: TASKS[task], max: LONGEST, step: 5 }}
        onTurn={(steps) => set({ length: steps })}
      />
      <fieldset class="chips">
        <legend class="legend-line">{race.beside}</legend>
        {BESIDE.map((cell) => (
          <label key={cell} class="chip">
            <input type="checkbox" checked={beside.includes(cell)} onChange={() => toggle(cell)} />
            <span>{race.cells[cell]}</span>
          </label>
        ))}
      </fieldset>
    </>
  );
}
