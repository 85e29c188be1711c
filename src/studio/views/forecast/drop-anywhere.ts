/** A file may be dropped anywhere on the page: it is opened instead of what is open. */
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { openFile } from '../../actions.js';
import { busy } from '../../store.js';

/** Whether a file hovers over the page. */
export const dragging = signal(false);

export function useDropAnywhere(): void {
  useEffect(() => {
    const end = new AbortController();
    const on = (name: 'dragover' | 'dragleave' | 'drop', handle: (event: DragEvent) => void) =>
      addEventListener(
        name,
        (event) => {
          // Else the browser would leave the page and show the file.
          event.preventDefault();
          handle(event);
        },
        { signal: end.signal },
      );
    on('dragover', ({ dataTransfer }) => {
      dragging.value = dataTransfer?.types.includes('Files') ?? false;
    });
    on('dragleave', ({ relatedTarget }) => {
      if (relatedTarget === null) dragging.value = false;
    });
    on('drop', ({ dataTransfer }) => {
      dragging.value = false;
      const file = dataTransfer?.files[0];
      if (file && !busy.value) void openFile(file);
    });
    return () => end.abort();
  }, []);
}
