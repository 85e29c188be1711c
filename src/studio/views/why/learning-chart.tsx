/** Learning curves: an error on a log axis, or a share of right answers, beside what guessing comes to and the goal. */
import { numberTicks, shortNumber } from '../../../plots/number-ticks.js';
import { type ChartLine, LineChart } from './line-chart.js';
import { scoreText } from './numbers.js';
import type { TaskTerms } from './outcome.js';
import { type Lane, lanes, MOST_UPDATES } from './race.js';
import { TONES } from './tones.js';
import { say } from './words.js';

/** Errors from a thousandth to what an untrained network makes. */
const ERRORS = [-3, 0.4] as const;

export function LearningChart({ terms: { measure, goal, memoryless } }: { readonly terms: TaskTerms }) {
  const { race } = say.value;
  const isShare = measure === 'share right';
  const at = isShare ? (score: number) => score : Math.log10;
  const curve = ({ cell, points }: Lane): ChartLine => ({
    ...{ id: cell, name: race.cells[cell], tone: TONES[cell], strong: cell !== 'rnn', dashed: cell === 'lstm-short' },
    points: points.map(({ updates, score }) => [updates, at(score)]),
  });
  const described = lanes.value.flatMap(({ cell, points }) => {
    const last = points.at(-1);
    return last ? race.described(race.cells[cell], last.updates, scoreText(last.score)) : [];
  });
  const values = isShare ? [0, 0.25, 0.5, 0.75, 1] : [0.001, 0.01, 0.1, 1];
  return (
    <LineChart
      label={`${race.picture} ${described.join(' ')}`}
      xName={race.updates}
      yName={isShare ? race.shareRight : race.error}
      x={[0, MOST_UPDATES]}
      y={isShare ? [0, 1.04] : ERRORS}
      xTicks={numberTicks(0, MOST_UPDATES, 5).ticks.filter(({ value }) => value <= MOST_UPDATES)}
      yTicks={values.map((value) => ({ value: at(value), label: shortNumber(value) }))}
      levels={[
        { value: at(memoryless), label: race.guessLevel(scoreText(memoryless)) },
        { value: at(goal), label: race.goalLevel },
      ]}
      lines={lanes.value.map(curve)}
    />
  );
}
