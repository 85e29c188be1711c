/** What can be set of the cell: its kind and how it starts. A knob that the kind does not have is not shown. */
import { shortNumber } from '../../../plots/number-ticks.js';
import { Choice } from '../../choice.js';
import { Tick } from '../../tick.js';
import { hasForgetBias, hasShortForm, hasStart, KINDS, STARTS } from './cell-form.js';
import { Knob } from './knob.js';
import { form, keepLine, lag, MOST_KEPT, mayKeep, setLag, showShort, turn } from './lines.js';
import { say } from './words.js';

export function CellKnobs() {
  const { gradient } = say.value;
  const { kind, start, hiddenSize } = form.value;
  return (
    <div class="knobs">
      <Choice
        label={gradient.cell}
        value={kind}
        names={KINDS}
        called={gradient.kinds}
        onChoose={(name) => turn({ kind: name })}
      />
      {hasStart(kind) && (
        <Choice
          label={gradient.start}
          value={start}
          names={STARTS}
          called={gradient.starts}
          onChoose={(name) => turn({ start: name })}
        />
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
        <Tick
          label={gradient.showShort}
          checked={showShort.value}
          onTick={(checked) => {
            showShort.value = checked;
          }}
        />
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
      <Tick label={gradient.chrono} checked={chrono} onTick={(checked) => turn({ chrono: checked })} />
    </>
  );
}
