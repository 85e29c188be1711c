/**
 * Everything that the benchmark knows about Tidegate's engine: change it here when the engine's interface changes.
 * Imports the entry point first, which sets the V8 flags that the best tier needs before anything is compiled.
 */

import { setTimeout as sleep } from 'node:timers/promises';
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
export function networkOf(shape, arrays, { head = false, training = false }, { tier, threads }) {
  const { T, B, H } = shape;
  const layers = [layerOf(shape), ...(head ? [{ kind: 'linear', inputSize: H, outputSize: 1 }] : [])];
  const network = new Network(layers, { steps: T, batch: B, training }, { tier, threads });
  network.write('value', '0.weight_ih', arrays.Wx);
  network.write('value', '0.weight_hh', arrays.Wh);
  network.write('value', '0.bias', arrays.b);
  if (head) network.write('value', '1.weight', arrays.headW);
  if (head) network.write('value', '1.bias', arrays.headB);
  return network;
}

/** Works until all the threads that a network is to have have come. */
export async function gather(network, work) {
  for (let attempt = 0; network.helpers() < network.threads - 1; attempt++) {
    if (attempt > 400) throw new Error(`only ${network.helpers()} of ${network.threads - 1} helping threads came`);
    work();
    await sleep(5);
  }
}

/** Forward and complete backward, dX too; y and dX are copied out. */
export function layerRun(network, { x, dY }, { T, B, H }) {
  const y = new Float32Array(T * B * H);
  let dX;
  const run = () => {
    network.zeroGradients();
    network.forward(x, T, B);
    network.output(y);
    network.backward(dY);
    dX = network.inputGradient();
  };
  return { run, y, gradient: (name) => network.read('gradient', name), dX: () => dX };
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

/** One live step for B series, whose states stay in the engine. */
export function streamRun(network, { B, H }) {
  network.startStream(B);
  const y = new Float32Array(B * H);
  return (x) => network.step(x, y);
}
