/** Which network is looked into: a model has several, and they see the series in different ways. */
import type { NetworkReadings } from '../../../index-browser.js';
import { choice, choose, networks } from './looking.js';
import { say } from './words.js';

export function NetworkPicker() {
  const { network, numbered, views } = say.value;
  const { view, member } = choice.value;
  const nameOf = ({ adjusted, scaled }: NetworkReadings) =>
    adjusted ? views.adjusted : scaled ? views.scaled : views.series;
  return (
    <label class="network">
      <span>{network}</span>
      <select
        value={`${view}/${member}`}
        onChange={({ currentTarget }) => {
          const [v, m] = currentTarget.value.split('/').map(Number);
          void choose(v, m);
        }}
      >
        {networks.value.map((one, v) => (
          <optgroup key={nameOf(one)} label={nameOf(one)}>
            {one.members.map((_, m) => (
              <option key={`${v}/${m}`} value={`${v}/${m}`}>
                {`${numbered(m + 1)} · ${nameOf(one)}`}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </label>
  );
}
