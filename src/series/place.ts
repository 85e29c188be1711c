/** Where in the input something was found, in the words of the one message line an error has. */
export interface Place {
  /** Name of the file or other input. */
  readonly source: string;
  /** Text has lines (the header is line 1), records in memory have rows (the first is row 1). */
  readonly unit: 'line' | 'row';
}

/** `sales.csv, line 12, column "y"`. */
export function at(place: Place, line: number, column?: string): string {
  return `${place.source}, ${place.unit} ${line}${column === undefined ? '' : `, column ${quoted(column)}`}`;
}

/** A value of the input as it may stand in a message: quoted, on one line, not too long. */
export function quoted(value: unknown): string {
  const text = typeof value === 'string' ? value : String(value);
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}

/** Names for a message, the first twenty of them. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 20).map(quoted).join(', ');
  return names.length > 20 ? `${shown} and ${names.length - 20} more` : shown;
}
