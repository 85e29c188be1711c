/** What can be set of the cell: its kind and how it starts. A knob that the kind does not have is not shown. */
import { shortNumber } from '../../../plots/number-ticks.js';
import { hasForgetBias, hasShortForm, hasStart, KINDS, type Kind, STARTS, type Start } from './cell-form.js';
import { Knob } from './knob.js';
import { form, keepLine, lag, MOST_KEPT, mayKeep, setLag, showShort, turn } from './lines.js';
import { say } from './words.js';

export function CellKnobs() {
  const { gradient } = say.value;
  const { kind, start, hiddenSize } = form.value;
  return (
    <div class="knobs">
      <label class="field">
        <span>{gradient.cell}</span>
        <select value={kind} onChange={({ currentTarget }) => turn({ kind: currentTarget.value as Kind })}>
          {KINDS.map((name) => (
            <option key={name} value={name}>
              {gradient.kinds[name]}
            </option>
          ))}
        </select>
      </label>
      {hasStart(kind) && (
        <label class="field">
          <span>{gradient.start}</span>
          <select value={start} onChange={({ currentTarget }) => turn({ start: currentTarget.value as Start })}>
            {STARTS.map((name) => (
              <option key={name} value={name}>
                {gradient.starts[name]}
              </option>
            ))}
          </select>
        </label>
      )}
      {hasForgetBias(kind) && <ForgetBias />}
      <Knob
        name={gradient.units}
        value={hiddenSize}
        text={`${hiddenSize}`}
        {...{ min: 8, max: 128, step: 8 }}
        onTurn={(units) => turn({ hiddenSize: units })}
      />
      <Knob
        name={gradient.lag}
        value={lag.value}
        text={gradient.steps(lag.value)}
        {...{ min: 10, max: 300, step: 10 }}
        onTurn={setLag}
      />
      {hasShortForm(kind) && (
        <label class="tick">
          <input
            type="checkbox"
            checked={showShort.value}
            onChange={({ currentTarget }) => {
              showShort.value = currentTarget.checked;
            }}
          />
          {gradient.showShort}
        </label>
      )}
      <button type="button" disabled={!mayKeep.value} onClick={keepLine}>
        {gradient.keep}
      </button>
      {!mayKeep.value && <p class="quiet">{gradient.full(MOST_KEPT)}</p>}
    </div>
  );
}

function ForgetBias() {
  const { gradient } = say.value;
  const { forgetBias, chrono } = form.value;
  return (
    <>
      <Knob
        name={gradient.forgetBias}
        value={forgetBias}
        text={chrono ? gradient.chronoShort : shortNumber(forgetBias)}
        {...{ min: -1, max: 5, step: 0.25, disabled: chrono }}
        onTurn={(bias) => turn({ forgetBias: bias })}
      />
      <label class="tick">
        <input
          type="checkbox"
          checked={chrono}
          onChange={({ currentTarget }) => turn({ chrono: currentTarget.checked })}
        />
        {gradient.chrono}
      </label>
    </>
  );
}
