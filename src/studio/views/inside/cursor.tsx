/** The line at the present step, over a plot whose width is the whole time; and pointers and keys that move it. */
import { moveTo, moveUnit, playing, step, traces } from './looking.js';

export function Cursor() {
  const steps = traces.value?.steps ?? 1;
  return <div class="cursor" style={{ left: `${((step.value + 0.5) / steps) * 100}%` }} />;
}

/** Pointers go to the step under them, dragging too; `onRow` hears how far down, 0…1. */
export function pointing(onRow?: (share: number) => void) {
  const go = (event: PointerEvent) => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    playing.value = false;
    moveTo(((event.clientX - box.left) / box.width) * (traces.value?.steps ?? 1) - 0.5);
    onRow?.(Math.max(0, Math.min(0.9999, (event.clientY - box.top) / box.height)));
  };
  return {
    onPointerDown: (event: PointerEvent) => {
      (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
      go(event);
    },
    onPointerMove: (event: PointerEvent) => {
      if (event.buttons > 0) go(event);
    },
  };
}

/** Arrow keys: time, and with `units` the unit too. */
export function onArrows(units: boolean) {
  return (event: KeyboardEvent) => {
    const far = event.shiftKey ? 10 : 1;
    if (event.key === 'ArrowLeft') moveTo(step.value - far);
    else if (event.key === 'ArrowRight') moveTo(step.value + far);
    else if (event.key === 'Home') moveTo(0);
    else if (event.key === 'End') moveTo(Number.MAX_SAFE_INTEGER);
    else if (units && event.key === 'ArrowUp') moveUnit(-1);
    else if (units && event.key === 'ArrowDown') moveUnit(1);
    else return;
    event.preventDefault();
    playing.value = false;
  };
}
