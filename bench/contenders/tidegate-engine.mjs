/**
 * Everything that the benchmark knows about Tidegate's engine: change it here when the engine's interface changes.
 * Imports the entry point first, which sets the V8 flags that the best tier needs before anything is compiled.
 */

import { engineInfo, Network } from '../../dist/engine/index.js';
import * as nn from '../../dist/nn-entry.js';

export { engineInfo };
export const { ESN } = nn;

const SPECS = {
  lstm: {},
  gru: { kind: 'gru', resetAfter: true },
  'gru-before': { kind: 'gru', resetAfter: false },
  rnn: { nonlinearity: 'tanh' },
};

const layerOf = ({ cell, I, H }) => ({ kind: cell, inputSize: I, hiddenSize: H, ...SPECS[cell] });

/** One recurrent layer, with a Linear(H → 1) on top if `head`; holds the case's weights. */
export function networkOf(shape, arrays, { head = false, training = false, inputGradient = false }, { tier, threads }) {
  const { T, B, H } = shape;
  const layers = [layerOf(shape), ...(head ? [{ kind: 'linear', inputSize: H, outputSize: 1 }] : [])];
  const network = new Network(layers, { steps: T, batch: B, training, inputGradient }, { tier, threads });
  network.write('value', '0.weight_ih', arrays.Wx);
  network.write('value', '0.weight_hh', arrays.Wh);
  network.write('value', '0.bias', arrays.b);
  if (head) network.write('value', '1.weight', arrays.headW);
  if (head) network.write('value', '1.bias', arrays.headB);
  return network;
}

/** How many threads a network works with; an engine that knows no threads has one. */
export const threadsOf = (network) => network.threads ?? 1;

/** Forward and complete backward; y is copied out, as the caller needs it to know dY. */
export function layerRun(network, { x, dY }, { T, B, H }) {
  const y = new Float32Array(T * B * H);
  const run = () => {
    network.zeroGradients();
    network.forward(x, T, B);
    network.output(y);
    network.backward(dY);
  };
  return { run, y, gradient: (name) => network.read('gradient', name), dX: () => network.inputGradient() };
}

/** Forward only. */
export function forwardRun(network, { x }, { T, B, H }) {
  const y = new Float32Array(T * B * H);
  const run = () => {
    network.forward(x, T, B);
    network.output(y);
  };
  return { run, y };
}

/** Training steps on one batch; each call returns the loss before its step. */
export function stepRun(network, { x, target }, { T, B }, { clipNorm, ...adam }) {
  network.setBatch(x, target, T, B);
  let step = 0;
  return () => network.trainStep({ levels: [0.5], clipNorm, ...adam, step: ++step });
}

/** One live step for B series, whose states [h, c] the caller holds between calls. */
export function streamRun(network, { B, H }) {
  let state = [{ h: new Float32Array(B * H), c: new Float32Array(B * H) }];
  const y = new Float32Array(B * H);
  return (x) => {
    network.forward(x, 1, B, state);
    state = network.finalState();
    return network.output(y);
  };
}
