/** The lab's worker as the window sees it: started once, when a view first needs it. */
import { callsTo } from './work/call.js';
import type * as desk from './work/lab-desk.js';

let work: ReturnType<typeof callsTo<typeof desk>> | null = null;

export function labWorker(): ReturnType<typeof callsTo<typeof desk>> {
  work ??= callsTo<typeof desk>(new Worker(new URL('./work/lab-thread.ts', import.meta.url), { type: 'module' }));
  return work;
}
