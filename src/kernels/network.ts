/**
 * A whole network: its layers forward and backward, the loss, the norm of the gradients and the optimiser, by one thread or a
 * team of them. The host describes the network once and then starts one task after the other; a task never leaves WebAssembly.
 */
import { adam, AdamPlan, squaresOfShare, totalSquares, WeightsPlan, zeroGradients } from './adam';
import { gruBackward, gruForward, gruInputGradient, GruPlan, gruPrepare } from './gru';
import { leakyBackward, leakyForward, leakyInputGradient, LeakyPlan, leakyPrepare } from './leaky';
import { linearBackward, linearForward, linearInputGradient, LinearPlan, linearPrepare } from './linear';
import { LossPlan, lossOfShare, totalLoss } from './loss';
import { lstmBackward, lstmForward, lstmInputGradient, LstmPlan, lstmPrepare } from './lstm';
import {
  lstmVariantBackward, lstmVariantForward, lstmVariantInputGradient, LstmVariantPlan, lstmVariantPrepare,
} from './lstm-variant';
import { copyRows } from './panels';
import { meet, Part, shareEnd, shareFirst, waitWhile } from './part';
import { rnnBackward, rnnForward, rnnInputGradient, RnnPlan, rnnPrepare } from './rnn';
import { ROW } from './simd';

/** What a task consists of, done in this order; bits of NetworkPlan.task. */
export const TASK_CARRY: i32 = 1;
export const TASK_FORWARD: i32 = 2;
export const TASK_LOSS: i32 = 4;
export const TASK_ZERO: i32 = 8;
export const TASK_BACKWARD: i32 = 16;
export const TASK_INPUT_GRADIENT: i32 = 32;
export const TASK_NORM: i32 = 64;
export const TASK_ADAM: i32 = 128;

/** The kernels of the layers. */
export const KERNEL_RNN: i32 = 0;
export const KERNEL_LEAKY: i32 = 1;
export const KERNEL_GRU: i32 = 2;
export const KERNEL_LSTM: i32 = 3;
export const KERNEL_LSTM_VARIANT: i32 = 4;
export const KERNEL_LINEAR: i32 = 5;

@unmanaged
export class LayerEntry {
  kernel: i32;
  plan: usize; // what the kernel reads
  h: usize; // [(T+1)·B][H] of a recurrent layer, as in its plan
  hStride: usize;
  hPanels: i32; // 0 for a linear layer
  c: usize; // [(T+1)·B][H] of an LSTM; two steps only when nothing is kept
  cStride: usize;
  cPanels: i32;
}

/** A worker's seat, on a line of its own. */
@unmanaged
export class Seat {
  taken: i32; // a worker waits here for tasks
  ticket: i32; // number of the task (24 bits), then the worker's number in its team (8 bits)
  leaving: i32; // the worker is to go home
}

const TICKET: usize = offsetof<Seat>('ticket');
const LEAVING: usize = offsetof<Seat>('leaving');

@unmanaged
export class NetworkPlan {
  current: usize; // address of the number of the current task, for which workers wait
  task: i32;
  steps: i32;
  batch: i32;
  keep: i32; // activations are kept for the backward pass
  layers: usize; // LayerEntry, one after the other
  layerCount: i32;
  weights: usize; // WeightsPlan, one after the other
  weightsCount: i32;
  loss: usize; // LossPlan
  adam: usize; // AdamPlan
  parts: usize; // Part of each thread, 64 bytes apart
  seats: usize; // Seat of each worker, 64 bytes apart
  seatCount: i32;
  results: usize; // float64: Σ w·ρ of the loss, Σ g² of the gradients
}

// @ts-ignore: decorator
@inline
function layerAt(net: NetworkPlan, at: i32): LayerEntry {
  return changetype<LayerEntry>(net.layers + <usize>at * offsetof<LayerEntry>());
}

// @ts-ignore: decorator
@inline
function weightsAt(net: NetworkPlan, at: i32): WeightsPlan {
  return changetype<WeightsPlan>(net.weights + <usize>at * offsetof<WeightsPlan>());
}

// @ts-ignore: decorator
@inline
function partAt(net: NetworkPlan, at: i32): Part {
  return changetype<Part>(net.parts + (<usize>at << 6));
}

// @ts-ignore: decorator
@inline
function seatAt(net: NetworkPlan, at: i32): usize {
  return net.seats + (<usize>at << 6);
}

function forwardLayer(layer: LayerEntry, net: NetworkPlan, me: Part): void {
  const kernel = layer.kernel, plan = layer.plan, T = net.steps, B = net.batch;
  if (kernel == KERNEL_RNN) return rnnForward(changetype<RnnPlan>(plan), me, T, B, net.keep);
  if (kernel == KERNEL_LEAKY) return leakyForward(changetype<LeakyPlan>(plan), me, T, B, net.keep);
  if (kernel == KERNEL_GRU) return gruForward(changetype<GruPlan>(plan), me, T, B, net.keep);
  if (kernel == KERNEL_LSTM) return lstmForward(changetype<LstmPlan>(plan), me, T, B, net.keep);
  if (kernel == KERNEL_LSTM_VARIANT) return lstmVariantForward(changetype<LstmVariantPlan>(plan), me, T, B, net.keep);
  const first = shareFirst(me, T * B);
  linearForward(changetype<LinearPlan>(plan), first, shareEnd(me, T * B) - first);
}

function prepareLayer(layer: LayerEntry, me: Part): void {
  const kernel = layer.kernel, plan = layer.plan;
  if (kernel == KERNEL_RNN) return rnnPrepare(changetype<RnnPlan>(plan), me);
  if (kernel == KERNEL_LEAKY) return leakyPrepare(changetype<LeakyPlan>(plan), me);
  if (kernel == KERNEL_GRU) return gruPrepare(changetype<GruPlan>(plan), me);
  if (kernel == KERNEL_LSTM) return lstmPrepare(changetype<LstmPlan>(plan), me);
  if (kernel == KERNEL_LSTM_VARIANT) return lstmVariantPrepare(changetype<LstmVariantPlan>(plan), me);
  linearPrepare(changetype<LinearPlan>(plan), me);
}

function backwardLayer(layer: LayerEntry, net: NetworkPlan, me: Part, wantX: i32): void {
  const kernel = layer.kernel, plan = layer.plan, T = net.steps, B = net.batch;
  if (kernel == KERNEL_RNN) return rnnBackward(changetype<RnnPlan>(plan), me, T, B, wantX);
  if (kernel == KERNEL_LEAKY) return leakyBackward(changetype<LeakyPlan>(plan), me, T, B, wantX);
  if (kernel == KERNEL_GRU) return gruBackward(changetype<GruPlan>(plan), me, T, B, wantX);
  if (kernel == KERNEL_LSTM) return lstmBackward(changetype<LstmPlan>(plan), me, T, B, wantX);
  if (kernel == KERNEL_LSTM_VARIANT) return lstmVariantBackward(changetype<LstmVariantPlan>(plan), me, T, B, wantX);
  linearBackward(changetype<LinearPlan>(plan), me, T * B, wantX);
}

/** dx of the lowest layer, which training does not need. */
function inputGradientOf(layer: LayerEntry, net: NetworkPlan, me: Part): void {
  const kernel = layer.kernel, plan = layer.plan, all = net.steps * net.batch;
  const first = shareFirst(me, all), rows = shareEnd(me, all) - first;
  if (kernel == KERNEL_RNN) return rnnInputGradient(changetype<RnnPlan>(plan), first, rows);
  if (kernel == KERNEL_LEAKY) return leakyInputGradient(changetype<LeakyPlan>(plan), first, rows);
  if (kernel == KERNEL_GRU) return gruInputGradient(changetype<GruPlan>(plan), first, rows);
  if (kernel == KERNEL_LSTM) return lstmInputGradient(changetype<LstmPlan>(plan), first, rows);
  if (kernel == KERNEL_LSTM_VARIANT) return lstmVariantInputGradient(changetype<LstmVariantPlan>(plan), first, rows);
  linearInputGradient(changetype<LinearPlan>(plan), first, rows);
}

/** The states after the last step become those before the first, for the rows of this thread. */
function carry(net: NetworkPlan, me: Part): void {
  const B = net.batch, rows = me.end - me.first, own = <usize>me.first * ROW;
  const hFinal = <usize>(net.steps * B) * ROW, cFinal = <usize>((net.keep ? net.steps : net.steps & 1) * B) * ROW;
  for (let at = 0; at < net.layerCount; at++) {
    const layer = layerAt(net, at), h = layer.h + own, c = layer.c + own;
    copyRows(h, h + hFinal, layer.hStride, rows, layer.hPanels);
    if (cFinal) copyRows(c, c + cFinal, layer.cStride, rows, layer.cPanels);
  }
}

/** Recurrent layers go on with the rows they have; a linear layer shares out all rows of all steps anew. */
function forward(net: NetworkPlan, me: Part): void {
  for (let at = 0; at < net.layerCount; at++) {
    const linear = layerAt(net, at).kernel == KERNEL_LINEAR;
    if (at > 0 && (linear || layerAt(net, at - 1).kernel == KERNEL_LINEAR)) meet(me);
    forwardLayer(layerAt(net, at), net, me);
  }
}

function backward(net: NetworkPlan, me: Part): void {
  for (let at = 0; at < net.layerCount; at++) prepareLayer(layerAt(net, at), me);
  for (let at = net.layerCount - 1; at >= 0; at--) {
    meet(me);
    backwardLayer(layerAt(net, at), net, me, i32(at > 0));
  }
}

/** One Adam step on gradients scaled to the norm that is allowed; nothing if they are not finite. */
function update(net: NetworkPlan, me: Part): void {
  const plan = changetype<AdamPlan>(net.adam);
  const norm = Math.sqrt(f64.load(net.results, 8));
  if (!isFinite<f64>(norm)) return;
  const clip = plan.clipNorm > 0 ? <f32>min(1, <f64>plan.clipNorm / (norm + 1e-6)) : <f32>1;
  for (let at = 0; at < net.weightsCount; at++) adam(plan, weightsAt(net, at), me, clip);
}

/** Σ g² of all parameters, in `results` when the threads have met. */
function squares(net: NetworkPlan, me: Part): void {
  for (let at = 0; at < net.weightsCount; at++) squaresOfShare(weightsAt(net, at), me);
  meet(me);
  if (me.thread > 0) return;
  let total: f64 = 0;
  for (let at = 0; at < net.weightsCount; at++) total += totalSquares(weightsAt(net, at));
  f64.store(net.results, total, 8);
}

/** One thread's part of the current task. */
function work(net: NetworkPlan, me: Part): void {
  const task = net.task, loss = changetype<LossPlan>(net.loss);
  if (task & TASK_CARRY) carry(net, me);
  if (task & TASK_FORWARD) forward(net, me);
  if (task & TASK_LOSS) {
    meet(me);
    lossOfShare(loss, me);
  }
  if (task & TASK_ZERO) for (let at = 0; at < net.weightsCount; at++) zeroGradients(weightsAt(net, at), me);
  if (task & TASK_BACKWARD) backward(net, me);
  if (task & TASK_INPUT_GRADIENT) inputGradientOf(layerAt(net, 0), net, me);
  if (task & TASK_NORM) {
    meet(me);
    squares(net, me);
  }
  if (task & TASK_ADAM) {
    meet(me);
    update(net, me);
  }
  meet(me);
  if (task & TASK_LOSS && me.thread == 0) f64.store(net.results, totalLoss(loss));
}

/** Sets the parts of a team of `threads`. */
function shareOut(net: NetworkPlan, threads: i32): void {
  for (let thread = 0; thread < threads; thread++) {
    const part = partAt(net, thread);
    part.thread = thread;
    part.threads = threads;
    part.first = shareFirst(part, net.batch);
    part.end = shareEnd(part, net.batch);
  }
}

/**
 * Does a task, on the host's own thread and those workers that wait at this moment, at most `threads` in all. A worker that
 * starts late joins the next task: the results do not depend on it.
 */
export function run(net: NetworkPlan, task: i32, threads: i32): void {
  net.task = task;
  const number = atomic.load<i32>(net.current) + 1;
  let team = 1;
  for (let at = 0; at < net.seatCount; at++) {
    const seat = seatAt(net, at), joins = team < threads && atomic.load<i32>(seat) && !atomic.load<i32>(seat, LEAVING);
    atomic.store<i32>(seat, joins ? (number << 8) | team : 0, TICKET);
    team += i32(joins);
  }
  shareOut(net, team);
  if (team > 1) {
    atomic.store<i32>(net.current, number);
    atomic.notify(net.current, -1);
  }
  work(net, partAt(net, 0));
}

/** Sends the workers home: their `serve` returns, also of those that have not come yet. */
export function dismiss(net: NetworkPlan): void {
  for (let at = 0; at < net.seatCount; at++) atomic.store<i32>(seatAt(net, at), 1, LEAVING);
  atomic.add<i32>(net.current, 1);
  atomic.notify(net.current, -1);
}

/** A worker's life at one network: takes seat `at`, does its part of every task that it has a ticket for, leaves when dismissed. */
export function serve(net: NetworkPlan, at: i32): void {
  const seat = seatAt(net, at);
  let seen = atomic.load<i32>(net.current);
  atomic.store<i32>(seat, 1);
  while (!atomic.load<i32>(seat, LEAVING)) {
    waitWhile(net.current, seen);
    seen = atomic.load<i32>(net.current);
    const ticket = atomic.load<i32>(seat, TICKET);
    if (ticket & 255 && ticket >>> 8 == (seen & 0xffffff)) work(net, partAt(net, ticket & 255));
  }
  atomic.store<i32>(seat, 0);
  atomic.store<i32>(seat, 0, LEAVING);
}
