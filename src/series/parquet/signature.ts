/** True for the first bytes of a Parquet file. */
export function isParquet(head: Uint8Array): boolean {
  return head[0] === 80 && head[1] === 65 && head[2] === 82 && head[3] === 49;
}
