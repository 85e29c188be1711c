/** Answers of a cell to some test sequences beside the right ones. */
import type { TaskAnswers } from '../../../lab-entry-browser.js';
import { orderName } from './sequence.js';
import { say } from './words.js';

/** Sums of two numbers below 1, with a margin for answers beside them. */
const SUMS = { from: -0.1, to: 2.1 };
const share = (value: number) =>
  (100 * (Math.max(SUMS.from, Math.min(SUMS.to, value)) - SUMS.from)) / (SUMS.to - SUMS.from);

/** Right answers across, given ones upwards: on the diagonal, they are the same. */
export function AnswersByNumber({ wanted, given }: TaskAnswers) {
  const { race } = say.value;
  return (
    <figure class="scatter">
      <svg viewBox="0 0 100 100" role="img" aria-label={race.scatter(wanted.length)}>
        <path class="diagonal" d={`M${share(0)},${100 - share(0)}L${share(2)},${100 - share(2)}`} />
        {Array.from(wanted, (right, k) => (
          <circle key={k} class="answer" cx={share(right)} cy={100 - share(given[k])} r="1.9" />
        ))}
      </svg>
    </figure>
  );
}

/** A row for each right answer, a dot for each sequence: filled if the answer was right. */
export function AnswersByClass({ wanted, given }: TaskAnswers) {
  const { race } = say.value;
  const right = wanted.filter((order, k) => order === given[k]).length;
  const orders = [...new Set(wanted)].sort((a, b) => a - b);
  return (
    <figure class="dots">
      <div role="img" aria-label={race.rightOf(right, wanted.length)}>
        {orders.map((order) => (
          <p key={order} class="dot-row" aria-hidden="true">
            <span class="order">{orderName(order)}</span>
            {Array.from(
              wanted,
              (one, k) => one === order && <span key={k} class={given[k] === order ? 'dot right' : 'dot'} />,
            )}
          </p>
        ))}
      </div>
      <figcaption class="quiet">{race.rightOf(right, wanted.length)}</figcaption>
    </figure>
  );
}
