/** What can be set of the race: the task, its length, and who learns beside the plain RNN. */
import { Knob } from './knob.js';
import { BESIDE, LONGEST, type Racer, set, settings, TASKS, type TaskName } from './race.js';
import { say } from './words.js';

export function RaceKnobs() {
  const { race, gradient } = say.value;
  const { task, length, beside } = settings.value;
  const toggle = (cell: Racer) => set({ beside: BESIDE.filter((one) => (one === cell) !== beside.includes(one)) });
  return (
    <>
      <label class="field">
        <span>{race.task}</span>
        <select value={task} onChange={({ currentTarget }) => set({ task: currentTarget.value as TaskName })}>
          {(Object.keys(TASKS) as TaskName[]).map((name) => (
            <option key={name} value={name}>
              {race.tasks[name]}
            </option>
          ))}
        </select>
      </label>
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
