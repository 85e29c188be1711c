/** The command as it is where an optional package is not installed, wherever the tests run. */
import { cli } from './run.mjs';

const source = (text) => `data:text/javascript,${encodeURIComponent(text)}`;

/** `command` for run(): the package cannot be resolved in that process, though it may be installed here or in a folder above. */
export function commandWithout(name) {
  const resolve = `function resolve(specifier, context, next) {
    if (specifier !== ${JSON.stringify(name)}) return next(specifier, context);
    throw Object.assign(new Error('Cannot find package ' + specifier), { code: 'ERR_MODULE_NOT_FOUND' });
  }`;
  // Hooks in the thread itself from Node 22.15 on; before, in a thread of their own.
  const setUp = source(`import * as module from 'node:module';
    ${resolve}
    if (module.registerHooks) module.registerHooks({ resolve });
    else module.register(${JSON.stringify(source(`export ${resolve}`))});`);
  return [process.execPath, '--import', setUp, cli];
}
