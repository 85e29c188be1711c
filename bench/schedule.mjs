/** Takes times in turns: every contender gets a slice of each round, so that what disturbs the machine disturbs all alike. */
import { setTimeout as sleep } from 'node:timers/promises';
import { sequence } from './data.mjs';

/** Milliseconds that one turn takes, that a contender may take in all rounds, and that threads get to fall asleep. */
const FULL = { rounds: 9, turn: 60, budget: 6000, rest: 20 };
const QUICK = { rounds: 3, turn: 25, budget: 1200, rest: 20 };

const WARM_UP_TURNS = 4;
/** Of the orders of the turns, the same in every run. */
const ORDER_SEED = 17;

export const paceOf = (quick) => (quick ? QUICK : FULL);

/**
 * Times contenders that are prepared: [{ child, … }] → the same with `median`, `count` and `spread` (the range of the
 * rounds' medians over the median), or with `failed`.
 */
export async function timeInTurns(entries, pace) {
  const turns = [];
  for (const entry of entries) turns.push(await attempt(entry, () => warmUp(entry, pace)));
  const keys = sequence(pace.rounds * turns.length, ORDER_SEED);
  for (let round = 0; round < pace.rounds; round++)
    for (const turn of inOrder(turns, keys.subarray(round * turns.length))) {
      if (turn.failed !== undefined || round >= turn.rounds) continue;
      await sleep(pace.rest);
      const times = await attempt(turn.entry, () => turn.entry.child.run(turn.count));
      if (times.failed === undefined) turn.times.push(times);
      else turn.failed = times.failed;
    }
  return turns.map(summary);
}

/** In the order of their keys: another one each round, for who always came after the same one would be measured with what that one leaves behind. */
function inOrder(turns, keys) {
  const place = new Map(turns.map((turn, k) => [turn, keys[k]]));
  return [...turns].sort((a, b) => place.get(a) - place.get(b));
}

/** One run to learn how long it takes, and a few turns that are thrown away so that just-in-time compilers have settled. */
async function warmUp(entry, { rounds, turn, budget }) {
  const cost = async (runs) => (await entry.child.run(runs)).at(-1) * (entry.repeats ?? 1);
  const first = await cost(1);
  const last = await cost(within(Math.ceil((WARM_UP_TURNS * turn) / first), 1, 50));
  const count = within(Math.round(turn / last), 1, 1000);
  return { entry, count, rounds: within(Math.floor(budget / (count * last)), 1, rounds), times: [] };
}

const within = (value, low, high) => Math.max(low, Math.min(high, value));

async function attempt(entry, action) {
  try {
    return await action();
  } catch (error) {
    return { entry, failed: error.message };
  }
}

function summary({ entry, failed, times, count }) {
  if (failed !== undefined) return { ...entry, failed };
  const middle = median(times.flat());
  const rounds = times.map(median);
  const spread = (Math.max(...rounds) - Math.min(...rounds)) / middle;
  return { ...entry, median: middle, count: count * times.length, spread };
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
