/**
 * The names that a mistyped one may have meant, nearest first, at most three.
 *
 * Near is: equal but for case; equal but for the extension; or at most a third of the letters wrong, where one
 * insertion, deletion, change or swap of neighbours counts as one (optimal string alignment distance, Boytsov 2011).
 */
export function nearNames(name: string, candidates: readonly string[]): string[] {
  const wanted = name.toLowerCase();
  const scored = candidates.map((candidate) => ({ candidate, distance: distanceTo(wanted, candidate.toLowerCase()) }));
  return scored
    .filter(({ distance }) => distance <= Math.max(1, Math.floor(wanted.length / 3)))
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** 0 equal, 1 another extension, else the alignment distance of the whole names. */
function distanceTo(wanted: string, candidate: string): number {
  const distance = alignmentDistance(wanted, candidate);
  const sameStem = stem(wanted) === stem(candidate) && stem(wanted) !== '';
  return sameStem ? Math.min(1, distance) : distance;
}

function stem(name: string): string {
  return name.replace(/(?!^)\.[^.]*$/, '');
}

/**
 * d[i][j] = min( d[i−1][j] + 1, d[i][j−1] + 1, d[i−1][j−1] + [aᵢ ≠ bⱼ], d[i−2][j−2] + 1 if aᵢ aᵢ₋₁ = bⱼ₋₁ bⱼ )
 */
function alignmentDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        row[j] = Math.min(row[j], beforePrevious[j - 2] + 1);
      }
    }
    beforePrevious = previous;
    previous = row;
  }
  return previous[b.length];
}
