/** With `node --import`: writes what the process took, to the file that RESOURCES_FILE names, when it ends. */
import { writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

if (isMainThread)
  process.on('exit', () => writeFileSync(process.env.RESOURCES_FILE, JSON.stringify(process.resourceUsage())));
