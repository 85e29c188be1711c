/** The cells that can be chosen, the knobs that each has, and what the lab is asked for them. */
import type { UntrainedCell } from '../../../lab-entry-browser.js';

export const KINDS = ['rnn', 'irnn', 'leaky', 'gru', 'lstm-1997', 'lstm'] as const;
export type Kind = (typeof KINDS)[number];

export const STARTS = ['uniform', 'wide', 'orthogonal', 'identity'] as const satisfies UntrainedCell['recurrent'][];
export type Start = (typeof STARTS)[number];

/** A cell as the knobs stand. Knobs that its kind does not have keep their place for a kind that does. */
export interface CellForm {
  readonly kind: Kind;
  readonly start: Start;
  readonly forgetBias: number;
  /** Forget gates started for times up to the length, whatever the forget bias. */
  readonly chrono: boolean;
  readonly hiddenSize: number;
}

/** An IRNN is the identity. */
export const hasStart = (kind: Kind): boolean => kind !== 'irnn';
export const hasForgetBias = (kind: Kind): boolean => kind === 'lstm';
/** Whether there is a C, whose line the short form of back-propagation leaves out. */
export const hasShortForm = (kind: Kind): boolean => kind === 'lstm' || kind === 'lstm-1997';

export function untrainedCell({ kind, start, forgetBias, chrono }: CellForm): UntrainedCell {
  if (kind === 'irnn') return { cell: 'rnn', recurrent: 'identity', nonlinearity: 'relu' };
  if (kind === 'lstm-1997') return { cell: 'lstm', recurrent: start, forgetGate: false };
  if (kind === 'lstm') return { cell: 'lstm', recurrent: start, forgetBias: chrono ? 'chrono' : forgetBias };
  return { cell: kind, recurrent: start };
}
