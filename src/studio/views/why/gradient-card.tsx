/** Gradient by lag, live: the knobs, the picture, the lines with their numbers, and what they say. */
import { useEffect } from 'preact/hooks';
import { hasShortForm } from './cell-form.js';
import { CellKnobs } from './cell-knobs.js';
import { GradientChart } from './gradient-chart.js';
import { judge, leftAfter } from './left-over.js';
import { LineTable } from './line-table.js';
import { failure, follow, type Line, lines, showShort } from './lines.js';
import { amount } from './numbers.js';
import { say, sentences } from './words.js';

export function GradientCard() {
  useEffect(follow, []);
  const { gradient } = say.value;
  return (
    <section class="card gradient-card" aria-labelledby="gradient-title">
      <h2 id="gradient-title">{gradient.title}</h2>
      <p class="lead-line">{gradient.lead}</p>
      <div class="bench">
        <CellKnobs />
        <div class="outcome">
          {lines.value.length > 0 ? <Picture /> : !failure.value && <p class="quiet">{gradient.measuring}</p>}
          {failure.value && <p class="problem message">{failure.value}</p>}
        </div>
      </div>
      {lines.value.length > 0 && <p class="quiet">{gradient.note(lines.value[0].seeds)}</p>}
    </section>
  );
}

function Picture() {
  const drawn = lines.value;
  const now = drawn.find(({ id }) => id === 0);
  return (
    <>
      {now && <p class="words verdict-line">{verdictOn(now, drawn)}</p>}
      <GradientChart lines={drawn} />
      <LineTable lines={drawn} />
    </>
  );
}

/** What is left of the gradient of the line of the knobs, in words, and beside the first line that was kept. */
function verdictOn(now: Line, [, other]: readonly Line[]): string {
  const { gradient } = say.value;
  const left = leftAfter(now.complete.median, now.lag);
  const short = showShort.value && hasShortForm(now.form.kind) && now.short && leftAfter(now.short.median, now.lag);
  const difference = other && other.lag === now.lag ? left - leftAfter(other.complete.median, other.lag) : 0;
  return sentences(
    gradient.left(gradient.name(now.form), now.lag, amount(left), judge(left) === 'grown'),
    gradient.means[judge(left)],
    // Less than tenfold is within what draws differ by.
    Math.abs(difference) >= 1 &&
      gradient.beside(gradient.name(other.form), amount(Math.abs(difference)), Math.sign(difference)),
    typeof short === 'number' && gradient.short(amount(short)),
  );
}
