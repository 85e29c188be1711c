/** Who takes part: every peer as data, and what starts it. A contender is a peer with a number of threads. */
import { fileURLToPath } from 'node:url';
import { TRAINING } from './cases.mjs';

const PYTHON = '/usr/bin/python3';
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/**
 * `kinds`: what it can do of cases.mjs. `command(threads, node)`: program and arguments, `env`: its variables.
 * `javascript`: needs npm ci here. `oneThread`: never entered with more.
 */
const PEERS = [
  { name: 'oneDNN', kinds: ['layer', 'forward'], command: () => [here('.cache/onednn-lstm')] },
  {
    name: 'PyTorch',
    kinds: ['layer', 'step', 'forward'],
    // Two pools of threads, PyTorch's and OpenBLAS's, fight over the cores: with one each it is several times as fast.
    env: { OPENBLAS_NUM_THREADS: '1' },
    command: (threads) => [PYTHON, here('contenders/pytorch.py'), `${threads}`, JSON.stringify(TRAINING)],
  },
  {
    name: 'onnxruntime-node',
    kinds: ['forward', 'stream'],
    javascript: true,
    command: (threads, node) => [node, here('contenders/onnxruntime.mjs'), `${threads}`],
  },
  {
    name: 'tfjs-wasm',
    kinds: ['step', 'forward', 'stream'],
    javascript: true,
    oneThread: true,
    command: (_, node) => [node, here('contenders/tfjs.mjs')],
  },
  {
    name: 'brain.js',
    kinds: ['step'],
    javascript: true,
    oneThread: true,
    command: (_, node) => [node, here('contenders/brain.mjs')],
  },
  { name: 'SciPy', kinds: ['esn'], oneThread: true, command: () => [PYTHON, here('contenders/reservoir.py')] },
];

const ALL_KINDS = ['layer', 'step', 'forward', 'stream', 'esn', 'fleet'];

/** Tidegate once for its best tier and once for each tier of `tiers`. */
const tidegates = (tiers) =>
  [undefined, ...tiers].map((tier) => ({
    name: tier === undefined ? 'Tidegate' : `Tidegate ${tier}`,
    ours: true,
    // The echo state network is float64 without tiers.
    kinds: tier === undefined ? ALL_KINDS : ALL_KINDS.filter((kind) => kind !== 'esn'),
    command: (threads, node) => [node, here('contenders/tidegate.mjs'), `${threads}`, ...(tier ? [tier] : [])],
  }));

/** All contenders of a run, Tidegate first. `peers` are parts of names; Tidegate always takes part. */
export function contendersOf({ threads, tiers, peers, node }) {
  const wanted = ({ name }) => !peers || peers.some((part) => name.toLowerCase().includes(part.toLowerCase()));
  return [...tidegates(tiers), ...PEERS.filter(wanted)].flatMap((peer) =>
    (peer.oneThread ? threads.filter((count) => count === 1) : threads).map((count) => ({
      ...peer,
      threads: count,
      label: `${peer.name} ×${count}`,
      command: peer.command(count, node),
    })),
  );
}
