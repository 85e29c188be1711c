/** Names at the ends of lines, moved apart where they would lie on each other. */

/** Positions near the wanted ones, at least `gap` apart and within [top, bottom] as far as there is room; the order stays. */
export function spreadLabels(wanted: readonly number[], gap: number, top: number, bottom: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b] || a - b);
  const room = Math.max(top, bottom - gap * (order.length - 1));
  const placed = order.map((index, rank) => Math.max(wanted[index], top) - rank * gap);
  // Pool neighbours that want to pass each other at their mean: the least movement in squares (isotonic regression).
  const pools: { sum: number; count: number }[] = [];
  for (const value of placed) {
    pools.push({ sum: value, count: 1 });
    while (pools.length > 1) {
      const last = pools[pools.length - 1];
      const before = pools[pools.length - 2];
      if (before.sum / before.count <= last.sum / last.count) break;
      pools.splice(-2, 2, { sum: before.sum + last.sum, count: before.count + last.count });
    }
  }
  const result = new Array<number>(wanted.length);
  let rank = 0;
  for (const { sum, count } of pools) {
    const base = Math.min(Math.max(sum / count, top), room);
    for (let k = 0; k < count; k++, rank++) result[order[rank]] = base + rank * gap;
  }
  return result;
}
