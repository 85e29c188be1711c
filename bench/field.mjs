/** The field of contenders: starts each one when a case first needs it, and remembers its versions or why it is missing. */
import { Child } from './child.mjs';

export class Field {
  #contenders;
  #children = new Map();
  versions = {};
  missing = new Set();
  #say;

  /** `missing`: contenders that cannot start, by name, with how to get them. */
  constructor(contenders, missing, say) {
    this.#contenders = contenders.filter(({ name }) => missing[name] === undefined);
    this.#say = say;
    for (const how of Object.values(missing)) if (how !== undefined) this.#miss(how);
  }

  /**
   * Prepares a case with all contenders that know its kind: [{ label, ours, threads, name, child, checks }], or instead of
   * the checks `unsupported` or `failed`, the reason.
   */
  async prepare(shape) {
    const entries = [];
    for (const contender of this.#contenders.filter(({ kinds }) => kinds.includes(shape.kind))) {
      const child = await this.#childOf(contender);
      if (child !== undefined) entries.push({ ...contender, child, ...(await this.#prepare(contender, child, shape)) });
    }
    return entries;
  }

  close() {
    for (const child of this.#children.values()) child?.end();
  }

  async #prepare({ label }, child, shape) {
    try {
      return await child.prepare(shape);
    } catch (error) {
      // It starts anew for the next case.
      this.#children.delete(label);
      return { failed: error.message };
    }
  }

  async #childOf({ label, command, threads, env }) {
    if (this.#children.has(label)) return this.#children.get(label);
    let child = new Child(command, threads, env);
    const { versions, missing } = await child.greeting().catch(({ message }) => ({ missing: `${label}: ${message}` }));
    Object.assign(this.versions, versions);
    if (missing !== undefined) {
      this.#miss(missing);
      child.end();
      child = undefined;
    }
    this.#children.set(label, child);
    return child;
  }

  #miss(how) {
    if (!this.missing.has(how)) this.#say(`skipped: ${how}`);
    this.missing.add(how);
  }
}
