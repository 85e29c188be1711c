/** A factor at every step, and how little or how much a hundred of them leave. */
import { useSignal } from '@preact/signals';
import { shortNumber } from '../../../plots/number-ticks.js';
import { Knob } from './knob.js';
import { amount } from './numbers.js';
import { say } from './words.js';

const STEPS = 100;
/** Steps at which it is said what is left. */
const TOLD = [10, 50, 100];
/** Of the drawing, in percent; a bar of what there was at first is so high. */
const HEIGHT = 100;
const WHOLE = 70;

export function ChainCard() {
  const factor = useSignal(0.9);
  const { chain } = say.value;
  const left = (steps: number) => steps * Math.log10(factor.value);
  const now = shortNumber(factor.value);
  return (
    <section class="card chain-card" aria-labelledby="chain-title">
      <h2 id="chain-title">{chain.title}</h2>
      <p class="lead-line">{chain.lead}</p>
      <div class="chain">
        <Knob
          name={chain.factor}
          value={factor.value}
          text={now}
          {...{ min: 0.3, max: 1.5, step: 0.01 }}
          onTurn={(value) => {
            factor.value = value;
          }}
        />
        <div class="bars">
          <div class="drawn">
            <svg
              viewBox={`0 0 ${STEPS + 1} ${HEIGHT}`}
              preserveAspectRatio="none"
              role="img"
              aria-label={chain.picture(STEPS)}
            >
              {Array.from({ length: STEPS + 1 }, (_, step) => {
                const height = Math.min(HEIGHT, WHOLE * 10 ** left(step));
                return <rect key={step} class="bar" x={step + 0.1} y={HEIGHT - height} width="0.8" height={height} />;
              })}
              <path class="whole-line" d={`M0,${HEIGHT - WHOLE}H${STEPS + 1}`} />
            </svg>
            <span class="whole-name" aria-hidden="true" style={{ top: `${HEIGHT - WHOLE}%` }}>
              1
            </span>
          </div>
          <ol class="told">
            {TOLD.map((steps) => (
              <li key={steps} style={{ left: `${((steps + 0.5) / (STEPS + 1)) * 100}%` }}>
                <span>{chain.after(steps)}</span>
                <strong class="number">{amount(left(steps))}</strong>
              </li>
            ))}
          </ol>
        </div>
        <p class="words">{chain.sentence(now, amount(left(STEPS)), STEPS, Math.sign(factor.value - 1))}</p>
      </div>
      <p class="quiet">{chain.so}</p>
    </section>
  );
}
