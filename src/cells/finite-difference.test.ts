/** The checker on functions whose gradient is known by hand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gradCheck } from './finite-difference.js';

const parameters = () => ({ w: Float64Array.of(3, -2), v: Float64Array.of(0.5) });
/** L = w0² w1 + e^v; dL/dw = (2 w0 w1, w0²), dL/dv = e^v. */
const loss = ({ w, v }: { readonly [name: string]: Float64Array }) => w[0] * w[0] * w[1] + Math.exp(v[0]);
const right = () => ({ w: Float64Array.of(-12, 9), v: Float64Array.of(Math.exp(0.5)) });

test('a right gradient passes', () => {
  const { worst, errors } = gradCheck(loss, parameters(), right());
  assert.ok(worst < 1e-9, `${worst}`);
  assert.deepEqual(Object.keys(errors), ['w', 'v']);
});

test('the error is ‖a − n‖ / (‖a‖ + ‖n‖), per array, and worst is the largest', () => {
  const { worst, errors } = gradCheck(loss, parameters(), { w: Float64Array.of(-24, 18), v: right().v });
  assert.ok(Math.abs(errors.w - 1 / 3) < 1e-9, 'twice the gradient: 1/3');
  assert.ok(errors.v < 1e-9);
  assert.equal(worst, errors.w);
  assert.ok(
    Math.abs(gradCheck(loss, parameters(), { w: Float64Array.of(12, -9), v: right().v }).worst - 1) < 1e-9,
    'the wrong sign: 1',
  );
});

test('two zero gradients agree; zero against something does not', () => {
  const p = { w: Float64Array.of(1, 2) };
  assert.equal(gradCheck(() => 7, p, { w: new Float64Array(2) }).worst, 0);
  assert.equal(gradCheck(() => 7, p, { w: Float64Array.of(0, 1e-3) }).worst, 1);
});

test('NaN never passes', () => {
  const p = { w: Float64Array.of(1), v: Float64Array.of(2) };
  const good = { w: Float64Array.of(0), v: Float64Array.of(0) };
  assert.ok(Number.isNaN(gradCheck(() => 1, p, { ...good, w: Float64Array.of(Number.NaN) }).worst));
  assert.ok(Number.isNaN(gradCheck(() => Number.NaN, p, good).worst));
});

test('the step can be chosen: central differences are exact on a parabola whatever it is', () => {
  const p = { w: Float64Array.of(3) };
  const parabola = ({ w }: { readonly [name: string]: Float64Array }) => w[0] * w[0];
  assert.ok(gradCheck(parabola, p, { w: Float64Array.of(6) }, { epsilon: 0.5 }).worst < 1e-15);
});

test('parameters are back to the bit, also when the loss throws', () => {
  const p = parameters();
  gradCheck(loss, p, right());
  assert.deepEqual(p, parameters());
  const fails = () => {
    throw new Error('no loss');
  };
  assert.throws(() => gradCheck(fails, p, right()), /no loss/);
  assert.deepEqual(p, parameters());
});

test('a name or a length that does not fit is a usage error', () => {
  const code = { kind: 'usage', code: 'gradient_mismatch' };
  assert.throws(() => gradCheck(loss, parameters(), { w: right().w }), { ...code, message: /"v" has no gradient/ });
  assert.throws(() => gradCheck(loss, parameters(), { ...right(), u: right().v }), { ...code, message: /"u"/ });
  assert.throws(() => gradCheck(loss, parameters(), { ...right(), w: right().v }), {
    ...code,
    message: /1 gradient values for 2/,
  });
});
