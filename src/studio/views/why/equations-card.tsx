/** The two lines of an LSTM that all of this is about. */
import { say } from './words.js';

export function EquationsCard() {
  const { equations } = say.value;
  return (
    <section class="card equations-card" aria-labelledby="equations-title">
      <h2 id="equations-title">{equations.title}</h2>
      <p>{equations.lead}</p>
      <dl class="equations">
        <div>
          <dt>{equations.forward}</dt>
          <dd>
            <Letter name="C" at="t" /> ={' '}
            <mark>
              <Letter name="f" at="t" /> ⊙ <Letter name="C" at="t−1" />
            </mark>{' '}
            + <Letter name="i" at="t" /> ⊙ <Letter name="C̃" at="t" />
          </dd>
        </div>
        <div>
          <dt>{equations.back}</dt>
          <dd>
            <Letter name="δC" at="t" /> = … +{' '}
            <mark>
              <Letter name="f" at="t+1" /> ⊙ <Letter name="δC" at="t+1" />
            </mark>
          </dd>
        </div>
      </dl>
      <p>{equations.end}</p>
      <p>
        <a href="#inside">{equations.link}</a>
      </p>
    </section>
  );
}

function Letter({ name, at }: { readonly name: string; readonly at: string }) {
  return (
    <span class="whole">
      <i>{name}</i>
      <sub>{at}</sub>
    </span>
  );
}
