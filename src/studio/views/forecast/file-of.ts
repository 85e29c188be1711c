/** The first file of what was dropped. */
export function fileOf(event: DragEvent): File | undefined {
  return event.dataTransfer?.files[0];
}
