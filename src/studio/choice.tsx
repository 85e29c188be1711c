/** One of several names. */
interface ChoiceProps<Name extends string> {
  readonly label: string;
  readonly value: Name;
  readonly names: readonly Name[];
  /** What each is called in the language of the reader. */
  readonly called: Readonly<Record<Name, string>>;
  readonly onChoose: (name: Name) => void;
}

export function Choice<Name extends string>({ label, value, names, called, onChoose }: ChoiceProps<Name>) {
  return (
    <label class="field">
      <span>{label}</span>
      <select value={value} onChange={({ currentTarget }) => onChoose(currentTarget.value as Name)}>
        {names.map((name) => (
          <option key={name} value={name}>
            {called[name]}
          </option>
        ))}
      </select>
    </label>
  );
}
