/**
 * Colour on a terminal, and only there. The first of these that applies decides: `NO_COLOR` not empty: none
 * (https://no-color.org); `FORCE_COLOR` neither empty nor `0`: colour; `TERM=dumb` or no terminal: none.
 */
import { styleText } from 'node:util';

/** What the decision looks at; process.stdout and process.stderr are such streams. */
export interface MaybeTerminal {
  readonly isTTY?: boolean;
}

/** The styles that our output uses; more than these would be noise. */
export type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan';

/** True if text for this stream may carry colour codes. */
export function wantsColor(
  stream: MaybeTerminal,
  env: Readonly<Record<string, string | undefined>> = process.env,
): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0';
  return stream.isTTY === true && env.TERM !== 'dumb';
}

/** The text in a style, or as it is when `enabled` is false. */
export function paint(style: Style, text: string, enabled: boolean): string {
  // The stream was judged by wantsColor: Node is not to judge its own stdout instead.
  return enabled ? styleText(style, text, { validateStream: false }) : text;
}
