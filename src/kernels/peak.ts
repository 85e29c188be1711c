/** The peak of this tier on this machine: multiplications and additions that nothing waits for. */
import { madd } from './simd';

/** Multiply-adds of one round: independent sums × lanes. */
export function peakOperations(): i32 {
  return WIDE_TILES ? 96 : 48;
}

/** `rounds` rounds of multiply-adds on the 512 bytes at `a`, in as many registers as a tile of the tier uses. */
export function peak(a: usize, rounds: i32): void {
  const x = v128.load32_splat(a, 384), y0 = v128.load(a, 448), y1 = v128.load(a, 464);
  let s0 = v128.load(a, 0), t0 = v128.load(a, 16);
  let s1 = v128.load(a, 32), t1 = v128.load(a, 48);
  let s2 = v128.load(a, 64), t2 = v128.load(a, 80);
  let s3 = v128.load(a, 96), t3 = v128.load(a, 112);
  let s4 = v128.load(a, 128), t4 = v128.load(a, 144);
  let s5 = v128.load(a, 160), t5 = v128.load(a, 176);
  let s6 = v128.load(a, 192), t6 = v128.load(a, 208);
  let s7 = v128.load(a, 224), t7 = v128.load(a, 240);
  let s8 = v128.load(a, 256), t8 = v128.load(a, 272);
  let s9 = v128.load(a, 288), t9 = v128.load(a, 304);
  let s10 = v128.load(a, 320), t10 = v128.load(a, 336);
  let s11 = v128.load(a, 352), t11 = v128.load(a, 368);
  for (; rounds > 0; rounds--) {
    s0 = madd(x, y0, s0); if (WIDE_TILES) t0 = madd(x, y1, t0);
    s1 = madd(x, y0, s1); if (WIDE_TILES) t1 = madd(x, y1, t1);
    s2 = madd(x, y0, s2); if (WIDE_TILES) t2 = madd(x, y1, t2);
    s3 = madd(x, y0, s3); if (WIDE_TILES) t3 = madd(x, y1, t3);
    s4 = madd(x, y0, s4); if (WIDE_TILES) t4 = madd(x, y1, t4);
    s5 = madd(x, y0, s5); if (WIDE_TILES) t5 = madd(x, y1, t5);
    s6 = madd(x, y0, s6); if (WIDE_TILES) t6 = madd(x, y1, t6);
    s7 = madd(x, y0, s7); if (WIDE_TILES) t7 = madd(x, y1, t7);
    s8 = madd(x, y0, s8); if (WIDE_TILES) t8 = madd(x, y1, t8);
    s9 = madd(x, y0, s9); if (WIDE_TILES) t9 = madd(x, y1, t9);
    s10 = madd(x, y0, s10); if (WIDE_TILES) t10 = madd(x, y1, t10);
    s11 = madd(x, y0, s11); if (WIDE_TILES) t11 = madd(x, y1, t11);
  }
  v128.store(a, s0, 0);
  v128.store(a, t0, 16);
  v128.store(a, s1, 32);
  v128.store(a, t1, 48);
  v128.store(a, s2, 64);
  v128.store(a, t2, 80);
  v128.store(a, s3, 96);
  v128.store(a, t3, 112);
  v128.store(a, s4, 128);
  v128.store(a, t4, 144);
  v128.store(a, s5, 160);
  v128.store(a, t5, 176);
  v128.store(a, s6, 192);
  v128.store(a, t6, 208);
  v128.store(a, s7, 224);
  v128.store(a, t7, 240);
  v128.store(a, s8, 256);
  v128.store(a, t8, 272);
  v128.store(a, s9, 288);
  v128.store(a, t9, 304);
  v128.store(a, s10, 320);
  v128.store(a, t10, 336);
  v128.store(a, s11, 352);
  v128.store(a, t11, 368);
}

/** The same with the left half of each pair only: as long as `peak` where pairs lie in one wide register, half as long elsewhere. */
export function peakOfSingles(a: usize, rounds: i32): void {
  const x = v128.load32_splat(a, 384), y = v128.load(a, 448);
  let s0 = v128.load(a, 0);
  let s1 = v128.load(a, 32);
  let s2 = v128.load(a, 64);
  let s3 = v128.load(a, 96);
  let s4 = v128.load(a, 128);
  let s5 = v128.load(a, 160);
  let s6 = v128.load(a, 192);
  let s7 = v128.load(a, 224);
  let s8 = v128.load(a, 256);
  let s9 = v128.load(a, 288);
  let s10 = v128.load(a, 320);
  let s11 = v128.load(a, 352);
  for (; rounds > 0; rounds--) {
    s0 = madd(x, y, s0);
    s1 = madd(x, y, s1);
    s2 = madd(x, y, s2);
    s3 = madd(x, y, s3);
    s4 = madd(x, y, s4);
    s5 = madd(x, y, s5);
    s6 = madd(x, y, s6);
    s7 = madd(x, y, s7);
    s8 = madd(x, y, s8);
    s9 = madd(x, y, s9);
    s10 = madd(x, y, s10);
    s11 = madd(x, y, s11);
  }
  v128.store(a, s0, 0);
  v128.store(a, s1, 32);
  v128.store(a, s2, 64);
  v128.store(a, s3, 96);
  v128.store(a, s4, 128);
  v128.store(a, s5, 160);
  v128.store(a, s6, 192);
  v128.store(a, s7, 224);
  v128.store(a, s8, 256);
  v128.store(a, s9, 288);
  v128.store(a, s10, 320);
  v128.store(a, s11, 352);
}
