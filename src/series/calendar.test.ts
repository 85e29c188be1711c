import assert from 'node:assert/strict';
import { test } from 'node:test';
import { civilFromDays, DAY_MS, daysFromCivil, daysInMonth, weekday } from './calendar.js';

test('agrees with the Date object on every day from 1600 to 2400', () => {
  for (let days = Date.UTC(1600, 0, 1) / DAY_MS; days <= Date.UTC(2400, 11, 31) / DAY_MS; days++) {
    const date = new Date(days * DAY_MS);
    const civil = civilFromDays(days);
    if (
      civil.year !== date.getUTCFullYear() ||
      civil.month !== date.getUTCMonth() + 1 ||
      civil.day !== date.getUTCDate() ||
      weekday(days) !== (date.getUTCDay() + 6) % 7 ||
      daysFromCivil(civil.year, civil.month, civil.day) !== days
    )
      assert.fail(`${date.toISOString()} became ${JSON.stringify(civil)}, weekday ${weekday(days)}`);
  }
});

test('reads the first century as it stands, and years before year 0', () => {
  assert.deepEqual(civilFromDays(daysFromCivil(50, 3, 1)), { year: 50, month: 3, day: 1 });
  assert.equal(daysFromCivil(0, 3, 1) - daysFromCivil(0, 2, 28), 2, 'year 0 is a leap year');
  assert.equal(daysFromCivil(0, 1, 1) - daysFromCivil(-1, 12, 31), 1);
});

test('month lengths follow the leap-year rules', () => {
  assert.deepEqual(
    [1900, 2000, 2023, 2024].map((year) => daysInMonth(year, 2)),
    [28, 29, 28, 29],
  );
  assert.deepEqual(
    [1, 4, 12].map((month) => daysInMonth(2023, month)),
    [31, 30, 31],
  );
});
