/** The command line. */
import { parseArgs } from 'node:util';
import { setsNamed } from './sets.mjs';

export const HELP = `npm run bench:accuracy -- [options]

Forecasts the development sets with the built package and scores the forecasts beside published figures. The tables go to
standard output, progress to standard error. A run over all sets with auto and lstm also writes docs/accuracy.md.

  --data <folder>     the development sets (default ../shared/data beside the checkout)
  --sets <names>      only these sets, by their names or parts of them           --sets cif2016,tourism
  --models <names>    models (default auto,lstm)                                 --models lstm,theta
  --inside            never open a test file: hold out the last horizon of the training part of each series instead
  --back <k>          with --inside: hold out the horizon that is k horizons further back (default 0)
  --stride <n>        rolling sets: every n-th origin (default 23, which meets every hour of the
                      day; the papers use 1)
  --season <n>        season handed to the tool for every set; "auto" for none (default: as sets.mjs has it)
  --seed <n>          (default 1)
  --budget <seconds>  training to plan for (default: the tool's)
  --threads <n>       workers (default: the tool's, all processors)
  --json              results as one JSON array instead of tables
  --out <file>        also write the tables to this file
  --no-write          leave docs/accuracy.md as it is
  --help              this text

First npm run build. Without the data folder there is nothing to do, and that is no error.`;

const SPEC = {
  data: { type: 'string' },
  sets: { type: 'string', default: '' },
  models: { type: 'string', default: 'auto,lstm' },
  inside: { type: 'boolean', default: false },
  back: { type: 'string', default: '0' },
  stride: { type: 'string', default: '23' },
  season: { type: 'string' },
  seed: { type: 'string', default: '1' },
  budget: { type: 'string' },
  threads: { type: 'string' },
  json: { type: 'boolean', default: false },
  out: { type: 'string' },
  'no-write': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
};

/** @throws Error on an unknown option, set or number */
export function parseOptions(args) {
  const { values } = parseArgs({ args, options: SPEC });
  const list = (text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  const number = (name, least) => {
    const text = values[name];
    if (text === undefined) return undefined;
    if (!(Number(text) >= least)) throw new Error(`--${name} ${text}: a number from ${least} is needed.`);
    return Number(text);
  };
  const back = number('back', 0);
  if (back > 0 && !values.inside) throw new Error('--back goes with --inside.');
  const complete = values.sets === '' && values.models === SPEC.models.default && !values.inside;
  const tuned = ['season', 'budget'].some((name) => values[name] !== undefined) || values.seed !== SPEC.seed.default;
  return {
    ...values,
    sets: setsNamed(list(values.sets)),
    models: list(values.models),
    back,
    stride: number('stride', 1),
    season: values.season === 'auto' ? 'auto' : number('season', 1),
    forecaster: defined({ seed: number('seed', 0), budget: number('budget', 0), threads: number('threads', 1) }),
    command: ['npm run bench:accuracy', ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
    write: complete && !tuned && !values['no-write'],
  };
}

const defined = (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
