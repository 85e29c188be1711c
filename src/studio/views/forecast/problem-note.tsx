/** What went wrong, where it was asked for: a plain headline, the very message of the command, the remedy in it. */
import { type Job, problem } from '../../store.js';
import { words } from '../../words/words.js';

export function ProblemNote({ at }: { readonly at: readonly Job['kind'][] }) {
  const failure = problem.value;
  if (!failure || !at.includes(failure.at)) return null;
  const { titles, other, stopped, hints } = words.value.errors;
  if (failure.kind === 'interrupted')
    return (
      <p class="note" role="status">
        {stopped}
      </p>
    );
  const hint = hints[failure.code];
  return (
    <div class="problem" role="alert">
      <strong>{titles[failure.code] ?? other}</strong>
      {hint && <p>{hint}</p>}
      <p class="message" lang="en">
        {`${failure.code}: ${failure.message}`}
      </p>
    </div>
  );
}
