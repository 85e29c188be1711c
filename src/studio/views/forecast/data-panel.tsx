/** What was read, and which column is what: recognised, and to be changed here. */
import { chooseRoles, startOver, stop } from '../../actions.js';
import { busy, source, table } from '../../store.js';
import { words } from '../../words/words.js';
import { type ManyRole, type OneRole, roleOf, withoutRole, withRole } from '../../work/roles.js';
import type { Roles } from '../../work/views.js';
import { ProgressLine } from './progress-line.js';
import { unitOf } from './unit-of.js';

export function DataPanel() {
  const { data } = words.value;
  const name = source.value?.file.name ?? table.value?.source ?? '';
  return (
    <section class="card" aria-labelledby="data-title">
      <div class="row">
        <h2 id="data-title">{data.title}</h2>
        <button type="button" class="plain" onClick={startOver}>
          {data.other}
        </button>
      </div>
      <p class="file">{name}</p>
      {table.value && <Facts />}
      <ProgressLine kinds={['read', 'open']} onStop={stop} />
      {source.value && <Columns />}
    </section>
  );
}

function Facts() {
  const { data: words_ } = words.value;
  const { series, rows, start, end, freq, season, longerSeasons, missing } = table.value!.data;
  return (
    <ul class="facts">
      <li>{`${words_.series(series)} · ${words_.rows(rows)}${missing > 0 ? ` · ${words_.missing(missing)}` : ''}`}</li>
      <li>
        <span class="whole">{start}</span> … <span class="whole">{end}</span>
      </li>
      <li>
        {`${words_.frequency(/\d/.test(freq) && freq !== '1' ? freq : words.value.units[unitOf(freq)])} · ${season > 1 ? words_.season([season, ...longerSeasons].join(', ')) : words_.noSeason}`}
      </li>
    </ul>
  );
}

const FURTHER = ['none', 'past', 'future', 'static'] as const;

function Columns() {
  const { data: say } = words.value;
  const { columns, roles, ahead } = source.value!;
  const found: Partial<Roles> = table.value?.roles ?? roles;
  const names = columns.map(({ name }) => name).filter((name) => name !== '');
  const taken = [found.time, found.target, found.id];
  const further = names.filter((name) => !taken.includes(name));
  const assign = (role: OneRole) => (name: string | null) => void chooseRoles(withRole(found, role, name));
  const assignFurther = (name: string, role: string) =>
    void chooseRoles(role === 'none' ? withoutRole(found, name) : withRole(found, role as ManyRole, name));
  return (
    <details class="columns" open={!table.value}>
      <summary>{say.columns}</summary>
      <Choice
        label={say.roles.time}
        value={found.time}
        names={names}
        none={table.value ? say.roles.none : say.automatic}
        onChoose={assign('time')}
      />
      <Choice label={say.roles.target} value={found.target} names={names} onChoose={assign('target')} />
      <Choice
        label={say.roles.id}
        value={found.id}
        names={names}
        none={table.value ? say.roles.none : say.automatic}
        onChoose={assign('id')}
      />
      {further.length > 0 && <h3>{say.covariates}</h3>}
      {further.map((name) => (
        <label key={name} class="choice">
          <span>{name}</span>
          <select
            value={roleOf(found, name) ?? 'none'}
            disabled={busy.value}
            onChange={({ currentTarget }) => assignFurther(name, currentTarget.value)}
          >
            {FURTHER.map((role) => (
              <option key={role} value={role}>
                {say.roles[role]}
              </option>
            ))}
          </select>
        </label>
      ))}
      {(found.future?.length ?? 0) > 0 && (
        <label class="choice tall">
          <span>{say.ahead}</span>
          <input
            type="file"
            disabled={busy.value}
            onChange={({ currentTarget }) => void chooseRoles(found, currentTarget.files?.[0] ?? ahead)}
          />
        </label>
      )}
    </details>
  );
}

function Choice(props: {
  readonly label: string;
  readonly value: string | null | undefined;
  readonly names: readonly string[];
  readonly none?: string;
  readonly onChoose: (name: string | null) => void;
}) {
  const { label, value, names, none, onChoose } = props;
  const { data: say } = words.value;
  return (
    <label class="choice">
      <span>{label}</span>
      <select
        value={value ?? ''}
        disabled={busy.value}
        onChange={({ currentTarget }) => onChoose(currentTarget.value || null)}
      >
        {(none !== undefined || !value) && <option value="">{none ?? say.automatic}</option>}
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
