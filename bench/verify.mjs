/** Nothing is timed before the contenders agree on what they computed. */

const TOLERANCE = 1e-3;

/**
 * Compares the checks of all contenders that have them: [{ label, checks: { sumY: …, … } }].
 *
 * @returns { names, difference }: the checks that at least two contenders share, and the largest relative difference
 * @throws Error naming every value, if two contenders differ by more than a thousandth
 */
export function verify(caseName, answers) {
  const names = [...new Set(answers.flatMap(({ checks }) => Object.keys(checks)))];
  const shared = names
    .map((name) => ({ name, values: answers.filter(({ checks }) => name in checks) }))
    .filter(({ values }) => values.length > 1);
  let difference = 0;
  for (const { name, values } of shared) {
    const numbers = values.map(({ checks }) => checks[name]);
    const spread = (Math.max(...numbers) - Math.min(...numbers)) / Math.max(...numbers.map(Math.abs));
    if (!(spread <= TOLERANCE)) throw new Error(disagreement(caseName, name, values));
    difference = Math.max(difference, spread);
  }
  return { names: shared.map(({ name }) => name), difference };
}

function disagreement(caseName, name, values) {
  const lines = values.map(({ label, checks }) => `  ${label.padEnd(24)} ${checks[name]}`);
  return `${caseName}: the contenders do not agree on ${name} within ${TOLERANCE}:\n${lines.join('\n')}`;
}
