/** What the browser's host allows where; tests/browser.test.mjs runs it in a real one. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { browserEngineHost } from './browser-engine.js';

/** Runs with the globals of some place in a browser. */
function withGlobals(globals: Record<string, unknown>, run: () => void): void {
  const before = new Map<string, PropertyDescriptor | undefined>();
  for (const [name, value] of Object.entries({ navigator: { hardwareConcurrency: 4 }, ...globals })) {
    before.set(name, Object.getOwnPropertyDescriptor(globalThis, name));
    Object.defineProperty(globalThis, name, { value, configurable: true });
  }
  try {
    run();
  } finally {
    for (const [name, descriptor] of before)
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
      else Reflect.deleteProperty(globalThis, name);
  }
}

class FakeWorker extends EventTarget {
  postMessage(): void {}
}

suite('the engine host of browsers', () => {
  const host = () => browserEngineHost(() => new FakeWorker() as unknown as Worker);

  test('threads only in an isolated page, where workers have workers, and where this thread may wait', (t) => {
    const isolated = { crossOriginIsolated: true, Worker: FakeWorker };
    withGlobals(isolated, () => assert.ok(host().startThread));
    withGlobals({ ...isolated, crossOriginIsolated: false }, () => assert.equal(host().startThread, undefined));
    withGlobals({ crossOriginIsolated: true }, () => assert.equal(host().startThread, undefined));
    t.mock.method(Atomics, 'wait', () => {
      throw new TypeError('Atomics.wait cannot be called in this context');
    });
    withGlobals(isolated, () => assert.equal(host().startThread, undefined));
  });

  test('a number of threads within reason, and one where the browser keeps it to itself', () => {
    for (const [hardwareConcurrency, threads] of [
      [4, 4],
      [128, 16],
      [undefined, 1],
    ])
      withGlobals({ navigator: { hardwareConcurrency } }, () => assert.equal(host().threads, threads));
    withGlobals({ navigator: undefined }, () => assert.equal(host().threads, 1));
  });

  test('a thread that cannot be created, or whose script fails, costs its help only', () =>
    withGlobals({ crossOriginIsolated: true, Worker: FakeWorker }, () => {
      const refused = browserEngineHost(() => {
        throw new DOMException('a script of another origin', 'SecurityError');
      });
      refused.startThread!().postMessage({});
      const worker = new FakeWorker();
      browserEngineHost(() => worker as unknown as Worker).startThread!();
      const failure = new Event('error', { cancelable: true });
      worker.dispatchEvent(failure);
      assert.ok(failure.defaultPrevented, 'not an error of the page');
    }));
});
