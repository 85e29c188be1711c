/** Lightness for numbers, as in the heat maps of the pictures: it reads the same in grey and to every eye. */
import { shadeOf } from '../../plots/lab/heat-map.js';

let table: Uint32Array | null = null;

/** 256 shades from little to much, as the pixels of a canvas (little-endian RGBA). */
export function shadeTable(): Uint32Array {
  table ??= Uint32Array.from({ length: 256 }, (_, k) => {
    const [r, g, b] = shadeOf(k / 255)
      .match(/\d+/g)!
      .map(Number);
    return (0xff << 24) | (b << 16) | (g << 8) | r;
  });
  return table;
}
