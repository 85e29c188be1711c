/** Hands a file to the browser's downloads. */
export function saveFile(name: string, content: string | Uint8Array | Blob, type: string): void {
  const blob = content instanceof Blob ? content : new Blob([content as BlobPart], { type });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The download has begun by then; the memory can go.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
