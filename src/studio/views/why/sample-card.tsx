/** What is asked: one sequence of the task, what matters in it, and the right answer. */
import { anotherSample, type Sample, sample } from './race.js';
import { markedNumbers, orderName, symbolsOf, wantedOf } from './sequence.js';
import { say } from './words.js';

const HEIGHT = 100;

export function SampleCard() {
  const { race } = say.value;
  const drawn = sample.value;
  if (!drawn) return null;
  return (
    <div class="sample">
      <div class="row">
        <p>{race.asks[drawn.name](drawn.steps)}</p>
        <button type="button" class="plain" onClick={anotherSample}>
          {race.another}
        </button>
      </div>
      {drawn.name === 'adding' ? <Numbers drawn={drawn} /> : <Symbols drawn={drawn} />}
    </div>
  );
}

function Numbers({ drawn }: { readonly drawn: Sample }) {
  const { race } = say.value;
  const { numbers, marked } = markedNumbers(drawn);
  const [one, two] = marked.map((t) => numbers[t].toFixed(2));
  const sum = wantedOf(drawn).toFixed(2);
  return (
    <>
      <div class="numbers-drawn" role="img" aria-label={race.marked(marked[0] + 1, one, marked[1] + 1, two)}>
        <svg viewBox={`0 0 ${drawn.steps} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          {numbers.map((value, t) => (
            <rect
              key={t}
              class={marked.includes(t) ? 'bar marked' : 'bar'}
              {...{ x: t + 0.12, y: HEIGHT * (1 - value), width: 0.76, height: HEIGHT * value }}
            />
          ))}
        </svg>
        {marked.map((t) => (
          <strong
            key={t}
            class="mark number"
            style={{ left: `${((t + 0.5) / drawn.steps) * 100}%`, bottom: `${numbers[t] * 100}%` }}
          >
            {numbers[t].toFixed(2)}
          </strong>
        ))}
      </div>
      <p class="question">{race.sum(one, two, sum)}</p>
    </>
  );
}

function Symbols({ drawn }: { readonly drawn: Sample }) {
  const { race } = say.value;
  const symbols = symbolsOf(drawn);
  const order = orderName(wantedOf(drawn));
  return (
    <>
      <p class="symbols" role="img" aria-label={race.spelled(symbols.join(' '))}>
        {symbols.map((symbol, t) => (
          <span key={t} class={symbol === 'X' || symbol === 'Y' ? 'symbol key-symbol' : 'symbol'} aria-hidden="true">
            {symbol}
          </span>
        ))}
      </p>
      <p class="question">{race.order(order)}</p>
    </>
  );
}
