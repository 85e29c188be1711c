/** A slider with its name and its value. */
interface KnobProps {
  readonly name: string;
  readonly value: number;
  readonly text: string;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  readonly disabled?: boolean;
  readonly onTurn: (value: number) => void;
}

export function Knob({ name, value, text, min, max, step = 1, disabled = false, onTurn }: KnobProps) {
  return (
    <label class="field">
      <span class="line">
        <span>{name}</span>
        <span class="number">{text}</span>
      </span>
      <input
        type="range"
        {...{ min, max, step, value, disabled }}
        aria-label={name}
        aria-valuetext={text}
        onInput={({ currentTarget }) => onTurn(Number(currentTarget.value))}
      />
    </label>
  );
}
