/** One unit over the whole time: its gates, its C, its h, and how long it holds on. */
import { language } from '../../words/words.js';
import { Cursor, pointing } from './cursor.js';
import { traces, unit } from './looking.js';
import { isOpen, isShut, largestOf, lineOf } from './moment.js';
import { percent } from './numbers.js';
import { say } from './words.js';

const HEIGHT = 100;

export function UnitCard() {
  const { traces: words, unit: unitName } = say.value;
  const seen = traces.value!;
  const chosen = unit.value;
  return (
    <section class="card unit-card" aria-labelledby="unit-title">
      <div class="row">
        <h2 id="unit-title">{chosen === null ? words.title : unitName(chosen + 1)}</h2>
      </div>
      {chosen === null ? <p class="quiet pick">{words.pick}</p> : <Facts chosen={chosen} />}
      {chosen !== null && (
        <div class="lines" role="img" aria-label={words.picture(chosen + 1)} {...pointing()}>
          <GateLines chosen={chosen} />
          <StateLine name={words.c} values={lineOf(seen.c, chosen, seen.hiddenSize)} />
          <StateLine name={words.h} values={lineOf(seen.h, chosen, seen.hiddenSize)} />
          <Cursor />
        </div>
      )}
      {chosen !== null && <p class="quiet">{words.direct}</p>}
    </section>
  );
}

function Facts({ chosen }: { readonly chosen: number }) {
  const { traces: words } = say.value;
  const { halfLives, gates, hiddenSize } = traces.value!;
  const life = halfLives[chosen];
  const f = lineOf(gates.f, chosen, hiddenSize);
  const share = (which: (gate: number) => boolean) => percent(f.filter(which).length / f.length, language.value);
  return (
    <dl class="unit-facts">
      <div>
        <dt>{words.halfLife}</dt>
        <dd class="large number">
          {Number.isFinite(life) ? words.steps(life < 100 ? life.toPrecision(2) : life.toFixed(0)) : words.forever}
        </dd>
      </div>
      <div>
        <dt>{words.saturated}</dt>
        <dd>{words.share(share(isOpen), share(isShut))}</dd>
      </div>
    </dl>
  );
}

/** f, i and o in [0, 1], with the ends where gates are saturated. */
function GateLines({ chosen }: { readonly chosen: number }) {
  const { traces: words } = say.value;
  const { gates, hiddenSize, steps } = traces.value!;
  const y = (value: number) => 4 + (1 - value) * (HEIGHT - 8);
  return (
    <figure class="trace">
      <figcaption>
        {words.gates}
        {(['f', 'i', 'o'] as const).map((gate) => (
          <span key={gate} class={`line-key gate-${gate}`}>
            <svg viewBox="0 0 24 8" aria-hidden="true">
              <path d="M0,4H24" />
            </svg>
            {gate}
          </span>
        ))}
      </figcaption>
      <svg viewBox={`0 0 ${steps} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <rect class="saturated" x="0" y={y(1)} width={steps} height={y(0.9) - y(1)} />
        <rect class="saturated" x="0" y={y(0.1)} width={steps} height={y(0) - y(0.1)} />
        {(['f', 'i', 'o'] as const).map((gate) => (
          <path key={gate} class={`line gate-${gate}`} d={pathOf(lineOf(gates[gate], chosen, hiddenSize), y)} />
        ))}
      </svg>
      <Ticks labels={['1', '0']} />
    </figure>
  );
}

function StateLine({ name, values }: { readonly name: string; readonly values: readonly number[] }) {
  const most = largestOf(values) || 1;
  const height = HEIGHT * 0.72;
  const y = (value: number) => height / 2 - (value / most) * (height / 2 - 4);
  const label = most < 0.1 ? most.toPrecision(1) : most.toFixed(1);
  return (
    <figure class="trace small">
      <figcaption>{name}</figcaption>
      <svg viewBox={`0 0 ${values.length} ${height}`} preserveAspectRatio="none" aria-hidden="true">
        <path class="grid" d={`M0,${height / 2}H${values.length}`} />
        <path class="line state" d={pathOf(values, y)} />
      </svg>
      <Ticks labels={[label, `\u2212${label}`]} />
    </figure>
  );
}

function Ticks({ labels: [top, bottom] }: { readonly labels: readonly [string, string] }) {
  return (
    <>
      <span class="end-tick upper number">{top}</span>
      <span class="end-tick lower number">{bottom}</span>
    </>
  );
}

function pathOf(values: readonly number[], y: (value: number) => number): string {
  return values.map((value, t) => `${t === 0 ? 'M' : 'L'}${t + 0.5},${y(value).toFixed(2)}`).join('');
}
