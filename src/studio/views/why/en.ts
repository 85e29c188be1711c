/** English. */
import { shortNumber } from '../../../plots/number-ticks.js';
import { type CellForm, hasForgetBias, hasStart, type Kind, type Start } from './cell-form.js';
import type { Racer, TaskName } from './race.js';

const kinds: Record<Kind, string> = {
  rnn: 'tanh RNN',
  irnn: 'IRNN',
  leaky: 'leaky RNN',
  gru: 'GRU',
  'lstm-1997': 'LSTM of 1997',
  lstm: 'LSTM',
};
const starts: Record<Start, string> = {
  uniform: 'U(±1/√H)',
  wide: 'U(−1, 1)',
  orthogonal: 'orthogonal',
  identity: 'identity',
};
const steps = (n: number) => (n === 1 ? '1 step' : `${n} steps`);
const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);
const joined = (clauses: readonly string[]) => capital(`${clauses.join('; ')}.`);

export const en = {
  title: 'Why gates',
  lead: 'A recurrent network learns by sending its error back through time, one step after the other. See how much of it arrives, what a gate changes about that, and which networks learn to remember.',
  chain: {
    title: 'Every step multiplies',
    lead: 'Keep the same part of something at every step, and after a hundred steps there is next to nothing, or far too much.',
    factor: 'Factor at each step',
    picture: (n: number) => `What is left after 0 to ${n} steps, as bars`,
    after: (n: number) => `after ${n}`,
    sentence: (factor: string, left: string, n: number, direction: number) =>
      direction === 0
        ? `${factor} at each step leaves everything, however many steps there are. That is what a memory needs.`
        : direction < 0
          ? `${factor} at each step leaves ${left} after ${n} steps.`
          : `${factor} at each step makes ${left} times as much of it in ${n} steps.`,
    so: 'Back-propagation through time is such a chain: one factor for each step back. In a plain network the factor is a weight matrix times the slope of tanh, and hardly ever near 1. Straight along the long-term state C of an LSTM it is the forget gate f alone: a number between 0 and 1, which the network can learn to hold near 1 where something is to be remembered.',
  },
  gradient: {
    title: 'How much of an error comes back',
    lead: 'Take a network that has learned nothing yet, send an error back from its last step, and measure how large it still is at every step before.',
    measuring: 'Measuring …',
    cell: 'Cell',
    kinds,
    start: 'Recurrent weights at the start',
    starts,
    forgetBias: 'Forget bias b_f',
    chrono: 'Chrono: gates set for times up to the length',
    chronoShort: 'chrono',
    units: 'Units',
    lag: 'Length',
    steps: (n: number, whole = false) => (whole ? `all ${n} steps` : steps(n)),
    showShort: 'Show the short form of BPTT',
    keep: 'Keep this line',
    full: (most: number) => `${most} lines are kept. Drop one to keep another.`,
    name: ({ kind, start, forgetBias, chrono }: CellForm) =>
      [
        kinds[kind],
        ...(hasForgetBias(kind) ? [chrono ? 'chrono' : `b_f = ${shortNumber(forgetBias)}`] : []),
        ...(hasStart(kind) && (kind === 'rnn' || start !== 'uniform') ? [starts[start]] : []),
      ].join(', '),
    ofUnits: (n: number) => `${n} units`,
    shortForm: 'short form of BPTT',
    left: (name: string, lag: number, left: string, grown: boolean) =>
      grown
        ? `${name}: ${lag} steps back the gradient is ${left} times as large.`
        : `${name}: ${left} of the gradient is left ${lag} steps back.`,
    means: {
      lost: 'Added to the error of the last step it is rounded away, even in 64-bit numbers: what happened so long ago teaches this network nothing.',
      faint: 'Faint, but there: learning can take hold of it and make it grow.',
      kept: 'What happened so long ago can still teach it.',
      grown: 'More than there was at first: the gradient explodes, and each step of learning is a leap in the dark.',
    },
    beside: (other: string, times: string, direction: number) =>
      direction > 0
        ? `That is ${times} times what is left beside it (${other}).`
        : `Beside it (${other}), ${times} times as much is left.`,
    short: (left: string) => `The short form, which leaves out the path along C, would have it that ${left} is left.`,
    picture: (lag: number) => `Part of the gradient that is left, from 0 to ${lag} steps back, on a log scale.`,
    described: (name: string, left: string) => `${name}: ${left} at the end.`,
    xName: 'steps back',
    yName: 'part of the gradient that is left',
    table: 'The lines of the picture',
    line: 'Line',
    leftAfter: (n: number) => `Left ${steps(n)} back`,
    reach: 'At least 1 % left for',
    drop: (name: string) => `Drop this line: ${name}`,
    note: (seeds: number) =>
      `Sizes of ∂L/∂h as parts of that of the last step: medians of ${seeds} draws of weights and inputs, quartiles as bands. Measured on this page, in 64-bit numbers. Point at the picture to read the lines anywhere. A line shows where a network starts, not what it will learn.`,
  },
  race: {
    title: 'Watch one remember',
    lead: 'A task that asks for nothing but memory, and networks of 32 units that learn it beside each other, on this page, now.',
    asks: {
      adding: (n: number) => `Of ${n} numbers, read one by one, two are marked. At the end their sum is asked for.`,
      'temporal-order': (n: number) =>
        `Among ${n} symbols, read one by one, two are X or Y. At the end it is asked which they were, and in which order.`,
    } satisfies Record<TaskName, unknown>,
    another: 'Another sequence',
    marked: (at1: number, one: string, at2: number, two: string) =>
      `Bars for the numbers. Marked: ${one} at step ${at1} and ${two} at step ${at2}.`,
    sum: (one: string, two: string, sum: string) => `Right answer: ${one} + ${two} = ${sum}`,
    spelled: (symbols: string) => `The sequence: ${symbols}`,
    order: (order: string) => `Right answer: ${order}`,
    task: 'Task',
    tasks: { adding: 'Adding', 'temporal-order': 'Temporal order' } satisfies Record<TaskName, string>,
    length: 'Length of the sequences',
    beside: 'Beside the plain RNN',
    cells: {
      rnn: 'plain RNN',
      gru: 'GRU',
      lstm: 'LSTM',
      'lstm-chrono': 'LSTM, chrono',
      'lstm-short': 'LSTM, short form',
    } satisfies Record<Racer, string>,
    subjects: {
      rnn: 'the plain RNN',
      gru: 'the GRU',
      lstm: 'the LSTM',
      'lstm-chrono': 'the LSTM with chrono start',
      'lstm-short': 'the LSTM that learns by the short form',
    } satisfies Record<Racer, string>,
    start: 'Start',
    again: 'Start again',
    stop: 'Stop',
    progress: 'Training',
    beginning: 'Starting …',
    invitation: (most: number) => `Each network has at most ${most} updates to learn it. Press Start and watch.`,
    solved: (name: string, updates: number) => `${name} solved it after ${updates} updates`,
    guessing: (name: string, best: string, guess: string, running: boolean) =>
      `${name} ${running ? 'is' : 'was'} still where guessing is (${best} at best; guessing ${guess})`,
    between: (name: string, best: string, guess: string, running: boolean) =>
      `${name} does better than guessing, but has not solved it${running ? ' yet' : ''} (${best} at best; guessing ${guess})`,
    soFar: (clauses: readonly string[]) => `So far: ${clauses.join('; ')}.`,
    stopped: (clauses: readonly string[]) => `Stopped early: ${clauses.join('; ')}.`,
    none: (most: number, clauses: readonly string[]) => `None solved it in ${most} updates: ${clauses.join('; ')}.`,
    all: joined,
    picture: 'Learning curves: score on test sequences by updates.',
    described: (name: string, updates: number, score: string) => `${name}: ${score} after ${updates} updates.`,
    updates: 'updates',
    error: 'mean squared error on test sequences',
    shareRight: 'share of right answers on test sequences',
    guessLevel: (score: string) => `guessing: ${score}`,
    goalLevel: 'solved',
    answers: {
      adding:
        'Their answers to some test sequences, upwards, against the right ones, across: on the line they are right',
      'temporal-order': 'Their answers to some test sequences: a dot for each, filled where it is right',
    } satisfies Record<TaskName, string>,
    scatter: (n: number) => `Answers to ${n} test sequences against the right ones: on the diagonal they are the same`,
    rightOf: (right: number, all: number) => `${right} of ${all} right`,
    isSolved: 'solved',
    standing: (updates: number, most: number, score: string) => `update ${updates} of ${most} · ${score}`,
    score: {
      adding: (score: string) => `error ${score}`,
      'temporal-order': (score: string) => `share right ${score}`,
    } satisfies Record<TaskName, unknown>,
    note: 'Batches of 64 fresh sequences; Adam 0.005, for the plain RNN 0.001, for plain units need small steps; tested every 50 updates on 256 sequences. Solved: an error of at most 0.01, or 99 % right. Each start draws anew, so the numbers change from race to race. Leaving this view stops it.',
  },
  equations: {
    title: 'The one line that does it',
    lead: 'Of all that an LSTM computes, this is what carries memory: C is kept by a gate and added to, and never multiplied by a weight matrix.',
    forward: 'forwards',
    back: 'and the error, backwards',
    end: 'The dots are what arrives through the output of step t. The short form prints only these, and leaves out the marked term: the straight way through time. Where f is 1 the error passes unchanged, however long the way; where f is 0 the past is forgotten. And f is learned.',
    link: 'Watch the gates of a trained network at work.',
  },
};
