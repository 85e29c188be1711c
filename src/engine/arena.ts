/** The one block of memory that a network lives in: planned first, then allocated once and never grown. */
import { usageError } from '../errors.js';

/** A matrix in panels of 16 columns × 64-byte rows; `stride` bytes from one panel to the next. */
export interface Panels {
  readonly address: number;
  readonly stride: number;
  readonly columns: number;
}

/** Bytes of a row of a panel. */
export const ROW_BYTES = 64;
const PAGE_BYTES = 65_536;
/** WebAssembly's 32-bit address space. */
const MAX_PAGES = 65_536;

export class Arena {
  #next: number;
  #matrices = 0;

  constructor(firstFreeByte: number) {
    this.#next = firstFreeByte;
    this.bytes(0);
  }

  /** Room for `count` bytes; the address is a multiple of 64. */
  bytes(count: number): number {
    const address = Math.ceil(this.#next / ROW_BYTES) * ROW_BYTES;
    this.#next = address + count;
    return address;
  }

  /**
   * Room for a matrix in panels. Panels of more than a page are padded to a different odd number of lines modulo 64
   * each, since strides that share a power of two would meet in the same sets of the first-level cache.
   */
  panels(rows: number, columns: number): Panels {
    const lines = rows < 64 ? rows | 1 : Math.ceil(rows / 64) * 64 + 33 + 2 * (this.#matrices++ % 12);
    const stride = lines * ROW_BYTES;
    return { address: this.bytes(Math.ceil(columns / 16) * stride), stride, columns };
  }

  /** Pages of 64 KiB that hold everything planned so far. */
  pages(): number {
    const pages = Math.ceil(this.#next / PAGE_BYTES);
    if (pages > MAX_PAGES)
      throw usageError(
        'network_too_large',
        `the network needs ${Math.ceil(this.#next / 2 ** 20)} MiB; the engine can address 4096. Use fewer steps, a smaller batch or fewer units.`,
      );
    return pages;
  }
}
