/** The cell at the present step: the drawing, and what it shows in words. */
import { table } from '../../store.js';
import { language } from '../../words/words.js';
import { CellDrawing } from './cell-drawing.js';
import { moveUnit, order, step, traces, unit } from './looking.js';
import { heldOf, largestOf, momentOf, saturatedAt } from './moment.js';
import { percent, two } from './numbers.js';
import { say } from './words.js';

/** Steps back that are told of where there is no season. */
const USUAL_DISTANCE = 10;

export function CellCard() {
  const { cell } = say.value;
  return (
    <section class="card cell-card" aria-labelledby="cell-title">
      <div class="row">
        <h2 id="cell-title">{cell.title}</h2>
        <UnitPicker />
      </div>
      <CellNow />
      <p class="moment">{useMoment()}</p>
      <p class="quiet">
        {cell.key} {unit.value === null && cell.absolute}
      </p>
    </section>
  );
}

function CellNow() {
  const seen = traces.value!;
  const chosen = unit.value;
  const most = {
    c: largestOf(chosen === null ? seen.c : seen.c.filter((_, k) => k % seen.hiddenSize === chosen)) || 1,
    h: 1,
  };
  return <CellDrawing now={momentOf(seen, step.value, chosen)} most={most.c} signed={chosen !== null} />;
}

function UnitPicker() {
  const { who, mean, unit: unitName, previous, next } = say.value;
  return (
    <div class="unit-picker">
      <button type="button" class="round" aria-label={previous} title={previous} onClick={() => moveUnit(-1)}>
        ↑
      </button>
      <select
        aria-label={who}
        value={unit.value ?? ''}
        onChange={({ currentTarget: { value } }) => {
          unit.value = value === '' ? null : Number(value);
        }}
      >
        <option value="">{mean}</option>
        {order.value.map((one) => (
          <option key={one} value={one}>
            {unitName(one + 1)}
          </option>
        ))}
      </select>
      <button type="button" class="round" aria-label={next} title={next} onClick={() => moveUnit(1)}>
        ↓
      </button>
    </div>
  );
}

/** What happens at this step, in words. */
function useMoment(): string {
  const seen = traces.value!;
  const words = say.value;
  const share = (value: number) => percent(value, language.value);
  const now = momentOf(seen, step.value, unit.value);
  const season = table.value?.data.season ?? 1;
  const distance = season > 1 ? season : USUAL_DISTANCE;
  const held = heldOf(seen, step.value, unit.value);
  const left = held[held.length - 1 - distance] ?? 0;
  const { open, shut } = saturatedAt(seen, step.value);
  const sentences = [
    unit.value === null
      ? words.mean_moment(share(now.f), share(now.i), share(now.o))
      : words.unit_moment(share(now.f), two(now.before), two(now.added, true), two(now.c), share(now.o)),
    ...(unit.value === null ? [words.open_moment(open, shut, seen.hiddenSize)] : []),
    ...(step.value >= distance ? [(season > 1 ? words.left_moment : words.left_ten)(share(left), distance)] : []),
  ];
  return sentences.join(language.value === 'zh' ? '' : ' ');
}
