/** The part of the time axis that is seen: zoomed about a point and moved, never beyond its ends. Pure numbers. */
export type Range = readonly [from: number, to: number];

/** @param least the narrowest that a range may be */
export function zoomed([from, to]: Range, whole: Range, about: number, factor: number, least: number): Range {
  const width = Math.min(whole[1] - whole[0], Math.max(least, (to - from) * factor));
  // The point stays where it is on the screen.
  const share = to > from ? (about - from) / (to - from) : 0.5;
  return within([about - share * width, about + (1 - share) * width], whole);
}

export function moved([from, to]: Range, whole: Range, by: number): Range {
  return within([from + by, to + by], whole);
}

/** Pushed back inside, as wide as before if there is room. */
function within([from, to]: Range, [first, last]: Range): Range {
  const width = Math.min(to - from, last - first);
  const start = Math.min(Math.max(from, first), last - width);
  return [start, start + width];
}
