/** Wheel, mouse, fingers and keys on a chart, told as zooms and moves. */
export interface Gestures {
  /** @param at share of the width, 0 left … 1 right; factor above 1 shows more */
  zoom(at: number, factor: number): void;
  /** @param by share of the width, above 0 to later times */
  move(by: number): void;
  all(): void;
  /** Whether everything is seen: then the wheel scrolls the page. */
  whole(): boolean;
}

const KEY_STEP = 0.15;
const KEY_ZOOM = 1.35;

/** Listens on `surface`; returns what ends it. */
export function listenToGestures(surface: HTMLElement, gestures: Gestures): () => void {
  const stop = new AbortController();
  const on = <K extends keyof HTMLElementEventMap>(name: K, handle: (event: HTMLElementEventMap[K]) => void) =>
    surface.addEventListener(name, handle, { signal: stop.signal, passive: false });
  const share = (x: number) => {
    const { left, width } = surface.getBoundingClientRect();
    return (x - left) / width;
  };

  on('wheel', (event) => {
    const { deltaX, deltaY, deltaMode } = event;
    const pixels = deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const sideways = Math.abs(deltaX) > Math.abs(deltaY);
    if (!sideways && deltaY > 0 && gestures.whole()) return;
    event.preventDefault();
    if (sideways) gestures.move((deltaX * pixels) / surface.clientWidth);
    else gestures.zoom(share(event.clientX), Math.exp(Math.max(-300, Math.min(300, deltaY * pixels)) / 400));
  });

  const pointers = new Map<number, number>();
  on('pointerdown', (event) => {
    if (event.button !== 0) return;
    pointers.set(event.pointerId, event.clientX);
    surface.setPointerCapture(event.pointerId);
    surface.classList.add('held');
  });
  on('pointermove', (event) => {
    const before = pointers.get(event.pointerId);
    if (before === undefined) return;
    const others = [...pointers].filter(([id]) => id !== event.pointerId).map(([, x]) => x);
    pointers.set(event.pointerId, event.clientX);
    if (others.length === 0) gestures.move((before - event.clientX) / surface.clientWidth);
    else {
      const [other] = others;
      const factor = Math.max(8, Math.abs(before - other)) / Math.max(8, Math.abs(event.clientX - other));
      gestures.zoom(share((event.clientX + other) / 2), factor);
    }
  });
  const release = (event: PointerEvent) => {
    pointers.delete(event.pointerId);
    if (pointers.size === 0) surface.classList.remove('held');
  };
  on('pointerup', release);
  on('pointercancel', release);
  on('dblclick', () => gestures.all());

  on('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act: Record<string, () => void> = {
      ArrowLeft: () => gestures.move(-KEY_STEP),
      ArrowRight: () => gestures.move(KEY_STEP),
      '+': () => gestures.zoom(0.5, 1 / KEY_ZOOM),
      '=': () => gestures.zoom(0.5, 1 / KEY_ZOOM),
      '-': () => gestures.zoom(0.5, KEY_ZOOM),
      '0': () => gestures.all(),
    };
    const found = Object.hasOwn(act, event.key) ? act[event.key] : undefined;
    if (!found) return;
    event.preventDefault();
    found();
  });
  return () => stop.abort();
}
