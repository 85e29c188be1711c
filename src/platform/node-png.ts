/** SVG pictures as PNG, by resvg in WebAssembly, with the DejaVu fonts. Loaded only when a picture is wanted. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** Pixels for each of the picture: sharp on dense screens and on paper. */
const ZOOM = 2;
const FAMILY = 'DejaVu Sans';
/** The regular and the bold face hold Latin, Greek, Cyrillic, Arabic, Hebrew and more, but no Chinese, Japanese or Korean. */
const FONTS = ['400', '700'].map((weight) => `@fontsource/dejavu-sans/files/dejavu-sans-latin-${weight}-normal.woff2`);

type Resvg = typeof import('@resvg/resvg-wasm');

let ready: Promise<{ Resvg: Resvg['Resvg']; fonts: Uint8Array[] }> | undefined;

/** The picture in its light colours. The same picture gives the same bytes. */
export async function renderPng(svg: string): Promise<Uint8Array> {
  ready ??= load();
  const { Resvg, fonts } = await ready;
  const drawing = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: ZOOM },
    font: { fontBuffers: fonts, defaultFontFamily: FAMILY, sansSerifFamily: FAMILY },
  });
  const image = drawing.render();
  try {
    return image.asPng();
  } finally {
    image.free();
    drawing.free();
  }
}

async function load(): Promise<{ Resvg: Resvg['Resvg']; fonts: Uint8Array[] }> {
  const { initWasm, Resvg } = await import('@resvg/resvg-wasm');
  await initWasm(await bytesOf('@resvg/resvg-wasm/index_bg.wasm'));
  return { Resvg, fonts: await Promise.all(FONTS.map(bytesOf)) };
}

/** A file of an installed package. */
function bytesOf(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return readFile(fileURLToPath(import.meta.resolve(name)));
}
