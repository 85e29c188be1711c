/**
 * A whole network: its layers forward and backward, the loss, the norm of the gradients and the optimiser, by one thread or a
 * team of them. The host describes the network once and then starts one task after the other; a task never leaves WebAssembly.
 *
 * The batch is cut into shards, by a rule that knows its size only. A shard is a network of its own over the same weights, with
 * its own activations and its own gradients; a thread takes some shards through all layers and all steps without waiting for
 * anybody. Then the gradients are added, shard after shard, each thread adding some blocks. So the results have the same bits for
 * any number of threads, and what travels between processors is the gradients alone.
 */
import { adam, AdamPlan, addShards, squaresOfShare, totalSquares, WeightsPlan, zeroGradients } from './adam';
import { gruBackward, gruForward, gruInputGradient, GruPlan, gruPrepare } from './gru';
import { leakyBackward, leakyForward, leakyInputGradient, LeakyPlan, leakyPrepare } from './leaky';
import { linearBackward, linearForward, linearInputGradient, LinearPlan, linearPrepare } from './linear';
import { loss, LossPlan } from './loss';
import { lstmBackward, lstmForward, lstmInputGradient, LstmPlan, lstmPrepare } from './lstm';
import {
  lstmVariantBackward, lstmVariantForward, lstmVariantInputGradient, LstmVariantPlan, lstmVariantPrepare,
} from './lstm-variant';
import { copyRows, zeroRows } from './panels';
import { meet, Part, shareEnd, shareFirst, SPINS_FOR_TASKS, waitWhile } from './part';
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

/** A part of the batch. */
@unmanaged
export class ShardPlan {
  batch: i32; // sequences
  layers: usize; // LayerEntry, one after the other
  loss: usize; // LossPlan
  gradients: usize; // its own gradients of all weights; unused where there is one shard only
}

/** A worker's seat, on a line of its own. */
@unmanaged
export class Seat {
  taken: i32; // a worker waits here for tasks
  ticket: i32; // number of the task (24 bits), then the worker's number in its team (8 bits)
  leaving: i32; // how often a worker is to go home from here: a call may be taken back before the worker has come
}

const TICKET: usize = offsetof<Seat>('ticket');
const LEAVING: usize = offsetof<Seat>('leaving');

@unmanaged
export class NetworkPlan {
  current: usize; // address of the number of the current task, for which workers wait
  task: i32;
  steps: i32;
  keep: i32; // activations are kept for the backward pass
  layerCount: i32;
  shards: usize; // ShardPlan, one after the other
  shardCount: i32;
  weights: usize; // WeightsPlan, one after the other
  weightsCount: i32;
  gradientBytes: i32; // of all weights
  adam: usize; // AdamPlan
  parts: usize; // Part of each thread, 64 bytes apart
  seats: usize; // Seat of each worker, 64 bytes apart
  seatCount: i32;
  results: usize; // float64: Σ w·ρ of the loss, Σ g² of the gradients
}

// @ts-ignore: decorator
@inline
function shardAt(net: NetworkPlan, at: i32): ShardPlan {
  return changetype<ShardPlan>(net.shards + <usize>at * offsetof<ShardPlan>());
}

// @ts-ignore: decorator
@inline
function layerAt(shard: ShardPlan, at: i32): LayerEntry {
  return changetype<LayerEntry>(shard.layers + <usize>at * offsetof<LayerEntry>());
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

function forwardLayer(layer: LayerEntry, T: i32, B: i32, keep: i32): void {
  const kernel = layer.kernel, plan = layer.plan;
  if (kernel == KERNEL_RNN) return rnnForward(changetype<RnnPlan>(plan), T, B, keep);
  if (kernel == KERNEL_LEAKY) return leakyForward(changetype<LeakyPlan>(plan), T, B, keep);
  if (kernel == KERNEL_GRU) return gruForward(changetype<GruPlan>(plan), T, B, keep);
  if (kernel == KERNEL_LSTM) return lstmForward(changetype<LstmPlan>(plan), T, B, keep);
  if (kernel == KERNEL_LSTM_VARIANT) return lstmVariantForward(changetype<LstmVariantPlan>(plan), T, B, keep);
  linearForward(changetype<LinearPlan>(plan), T * B);
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

function backwardLayer(layer: LayerEntry, T: i32, B: i32, wantX: i32): void {
  const kernel = layer.kernel, plan = layer.plan;
  if (kernel == KERNEL_RNN) return rnnBackward(changetype<RnnPlan>(plan), T, B, wantX);
  if (kernel == KERNEL_LEAKY) return leakyBackward(changetype<LeakyPlan>(plan), T, B, wantX);
  if (kernel == KERNEL_GRU) return gruBackward(changetype<GruPlan>(plan), T, B, wantX);
  if (kernel == KERNEL_LSTM) return lstmBackward(changetype<LstmPlan>(plan), T, B, wantX);
  if (kernel == KERNEL_LSTM_VARIANT) return lstmVariantBackward(changetype<LstmVariantPlan>(plan), T, B, wantX);
  linearBackward(changetype<LinearPlan>(plan), T * B, wantX);
}

/** dx of the lowest layer, which training does not need. */
function inputGradient(layer: LayerEntry, rows: i32): void {
  const kernel = layer.kernel, plan = layer.plan;
  if (kernel == KERNEL_RNN) return rnnInputGradient(changetype<RnnPlan>(plan), 0, rows);
  if (kernel == KERNEL_LEAKY) return leakyInputGradient(changetype<LeakyPlan>(plan), 0, rows);
  if (kernel == KERNEL_GRU) return gruInputGradient(changetype<GruPlan>(plan), 0, rows);
  if (kernel == KERNEL_LSTM) return lstmInputGradient(changetype<LstmPlan>(plan), 0, rows);
  if (kernel == KERNEL_LSTM_VARIANT) return lstmVariantInputGradient(changetype<LstmVariantPlan>(plan), 0, rows);
  linearInputGradient(changetype<LinearPlan>(plan), rows);
}

/** The states after the last step become those before the first. */
function carry(layer: LayerEntry, T: i32, B: i32, keep: i32): void {
  const hFinal = <usize>(T * B) * ROW, cFinal = <usize>((keep ? T : T & 1) * B) * ROW;
  copyRows(layer.h, layer.h + hFinal, layer.hStride, B, layer.hPanels);
  if (cFinal) copyRows(layer.c, layer.c + cFinal, layer.cStride, B, layer.cPanels);
}

/** A shard's way up: its states, its layers, its loss. */
function ascend(net: NetworkPlan, shard: ShardPlan): void {
  const task = net.task, T = net.steps, B = shard.batch, keep = net.keep;
  if (task & TASK_CARRY) for (let at = 0; at < net.layerCount; at++) carry(layerAt(shard, at), T, B, keep);
  if (task & TASK_FORWARD) for (let at = 0; at < net.layerCount; at++) forwardLayer(layerAt(shard, at), T, B, keep);
  if (task & TASK_LOSS) loss(changetype<LossPlan>(shard.loss));
}

/** A shard's way down, to its own gradients where there are several. */
function descend(net: NetworkPlan, shard: ShardPlan): void {
  if (net.shardCount > 1) zeroRows(shard.gradients, net.gradientBytes / <i32>ROW);
  for (let at = net.layerCount - 1; at >= 0; at--) backwardLayer(layerAt(shard, at), net.steps, shard.batch, i32(at > 0));
}

/** Σ g² of all parameters, when all threads have met after squaresOfShare. */
function squares(net: NetworkPlan): f64 {
  let total: f64 = 0;
  for (let at = 0; at < net.weightsCount; at++) total += totalSquares(weightsAt(net, at));
  return total;
}

/** One Adam step on gradients scaled to the norm that is allowed; nothing if they are not finite. */
function update(net: NetworkPlan, me: Part): void {
  const plan = changetype<AdamPlan>(net.adam), norm = Math.sqrt(squares(net));
  if (!isFinite<f64>(norm)) return;
  const clip = plan.clipNorm > 0 ? <f32>min(1, <f64>plan.clipNorm / (norm + 1e-6)) : <f32>1;
  for (let at = 0; at < net.weightsCount; at++) adam(plan, weightsAt(net, at), me, clip);
}

/** One thread's part of the current task. Each shard goes up and down before the next, while what it keeps is near. */
function work(net: NetworkPlan, me: Part): void {
  const task = net.task, shards = net.shardCount, first = shareFirst(me, shards), end = shareEnd(me, shards);
  const backward = task & TASK_BACKWARD;
  if (task & TASK_ZERO) for (let at = 0; at < net.weightsCount; at++) zeroGradients(weightsAt(net, at), me);
  if (backward) {
    for (let at = 0; at < net.layerCount; at++) prepareLayer(layerAt(shardAt(net, 0), at), me);
    meet(me);
  }
  for (let at = first; at < end; at++) {
    const shard = shardAt(net, at);
    ascend(net, shard);
    if (backward) descend(net, shard);
  }
  if (backward && shards > 1) {
    meet(me);
    for (let at = 0; at < net.weightsCount; at++) addShards(weightsAt(net, at), me, shards, net.gradientBytes);
  }
  if (task & TASK_INPUT_GRADIENT)
    for (let at = first; at < end; at++) inputGradient(layerAt(shardAt(net, at), 0), net.steps * shardAt(net, at).batch);
  if (task & TASK_NORM) {
    for (let at = 0; at < net.weightsCount; at++) squaresOfShare(weightsAt(net, at), me);
    meet(me);
  }
  if (task & TASK_ADAM) update(net, me);
  meet(me);
  if (me.thread == 0) report(net);
}

/** What the host may want to know of the task. */
function report(net: NetworkPlan): void {
  let total: f64 = 0;
  if (net.task & TASK_LOSS)
    for (let at = 0; at < net.shardCount; at++) total += f64.load(changetype<LossPlan>(shardAt(net, at).loss).sum);
  f64.store(net.results, total);
  if (net.task & TASK_NORM) f64.store(net.results, squares(net), 8);
}

/** Sets the parts of a team of `threads`. */
function shareOut(net: NetworkPlan, threads: i32): void {
  for (let thread = 0; thread < threads; thread++) {
    const part = partAt(net, thread);
    part.thread = thread;
    part.threads = threads;
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

/** Sends the workers home, once for each time they were called: their `serve` returns, also of those that have not come yet. */
export function dismiss(net: NetworkPlan): void {
  for (let at = 0; at < net.seatCount; at++) atomic.add<i32>(seatAt(net, at), 1, LEAVING);
  atomic.add<i32>(net.current, 1);
  atomic.notify(net.current, -1);
}

/** A worker's life at one network: takes seat `at`, does its part of every task that it has a ticket for, leaves when dismissed. */
export function serve(net: NetworkPlan, at: i32): void {
  const seat = seatAt(net, at);
  let seen = atomic.load<i32>(net.current);
  atomic.store<i32>(seat, 1);
  while (!atomic.load<i32>(seat, LEAVING)) {
    waitWhile(net.current, seen, SPINS_FOR_TASKS);
    seen = atomic.load<i32>(net.current);
    const ticket = atomic.load<i32>(seat, TICKET);
    if (ticket & 255 && ticket >>> 8 == (seen & 0xffffff)) work(net, partAt(net, ticket & 255));
  }
  atomic.store<i32>(seat, 0);
  atomic.sub<i32>(seat, 1, LEAVING);
}
