/** The command line. */
import { parseArgs } from 'node:util';

export const HELP = `npm run bench -- [options]

Verifies that Tidegate and its peers compute the same, then times them in turns in one run. The table goes to standard
output, progress to standard error. A complete run (no option that leaves something out) also writes
docs/benchmarks/node<major>.md and .svg.

  --case <part>       only cases whose name contains this; may be repeated     --case 32,48,1,32  --case 'gru step'
  --peer <names>      only these peers, by parts of their names                --peer onednn,tfjs
  --threads <list>    numbers of threads (default 1,2)                         --threads 1
  --tiers <list>      Tidegate's kernel tiers too, each in its own column      --tiers simd,fma,fma256
  --node <path>       the Node that runs Tidegate, the JavaScript peers and the peak
                                                                               --node tests/nodes/node_modules/node24/bin/node
  --quick             fewer and shorter rounds: a first look, not figures to quote
  --no-write          leave docs/benchmarks as it is
  --list              the names of the cases
  --help              this text

First npm run build. The JavaScript peers are installed into bench/node_modules on first use. For the others (Debian):
apt-get install python3-torch libopenblas0-pthread python3-scipy libdnnl-dev g++. What is missing is skipped.
Other programs on the machine disturb: two runs at a time are worth nothing.`;

const SPEC = {
  case: { type: 'string', multiple: true, default: [] },
  peer: { type: 'string' },
  threads: { type: 'string', default: '1,2' },
  tiers: { type: 'string' },
  node: { type: 'string', default: process.execPath },
  quick: { type: 'boolean', default: false },
  'no-write': { type: 'boolean', default: false },
  list: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
};

/** @throws Error on an unknown option or a number of threads that is none */
export function parseOptions(args) {
  const { values } = parseArgs({ args, options: SPEC });
  const list = (text) => (text === undefined ? undefined : text.split(',').map((part) => part.trim()));
  const threads = list(values.threads).map(Number);
  if (!threads.every((count) => Number.isInteger(count) && count > 0))
    throw new Error(`--threads ${values.threads}: positive whole numbers, separated by commas, are needed.`);
  const complete = !values.quick && values.case.length === 0 && !values.peer && values.threads === SPEC.threads.default;
  return {
    ...values,
    peers: list(values.peer),
    threads,
    tiers: list(values.tiers) ?? [],
    write: complete && !values['no-write'],
  };
}
