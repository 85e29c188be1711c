/** Structures in memory that the kernels read: addresses and whole numbers, four bytes each. */

/** Byte offset of each field, and `bytes`, the size. */
export type Structure = Readonly<Record<string, number>>;

/** Writes every field; `memory` views the whole arena. */
export function writeStructure(
  memory: Uint32Array,
  address: number,
  structure: Structure,
  fields: Readonly<Record<string, number>>,
): void {
  for (const [field, offset] of Object.entries(structure)) {
    if (field === 'bytes') continue;
    const value = fields[field];
    if (value === undefined) throw new Error(`nothing is planned for the field ${field} of a kernel`);
    memory[(address + offset) >>> 2] = value;
  }
}
