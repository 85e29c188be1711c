/** Columns by what they are, changed one at a time: a column has one role. */
import type { Roles } from './views.js';

const ONE = ['time', 'target', 'id'] as const;
const MANY = ['past', 'future', 'static'] as const;
export type OneRole = (typeof ONE)[number];
export type ManyRole = (typeof MANY)[number];

/** The roles with a column in this one, and in no other; null leaves the role to be recognised, or to nobody. */
export function withRole(roles: Partial<Roles>, role: OneRole | ManyRole, column: string | null): Partial<Roles> {
  const next = column === null ? { ...roles } : withoutRole(roles, column);
  if (ONE.includes(role as OneRole)) return { ...next, [role]: column };
  if (column === null) return next;
  return { ...next, [role]: [...(next[role as ManyRole] ?? []), column] };
}

/** The roles with a column in none. */
export function withoutRole(roles: Partial<Roles>, column: string): Partial<Roles> {
  return Object.fromEntries(
    Object.entries(roles)
      .filter(([, names]) => names !== column)
      .map(([role, names]) => [role, Array.isArray(names) ? names.filter((name) => name !== column) : names]),
  );
}

/** Which of the roles that many may have a column has. */
export function roleOf(roles: Partial<Roles>, column: string): ManyRole | undefined {
  return MANY.find((role) => roles[role]?.includes(column));
}
