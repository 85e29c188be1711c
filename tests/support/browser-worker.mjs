/** A module worker that computes what it is told, and answers. */
import { compute } from './browser-workload.mjs';

addEventListener('message', async ({ data }) => {
  try {
    postMessage({ result: await compute(data) });
  } catch (error) {
    postMessage({ error: String(error.stack) });
  }
});
