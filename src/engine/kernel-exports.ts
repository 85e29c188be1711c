/** The functions of src/kernels/index.ts as the host calls them. Addresses, strides and lengths are in bytes. */
import type { RecurrentKernel } from './layer-spec.js';

type Forward = (plan: number, steps: number, batch: number, keep: number) => void;
type Backward = (plan: number, steps: number, batch: number, wantX: number) => void;
type InputGradient = (plan: number, firstRow: number, rows: number) => void;
/** The same three functions for every recurrent layer. */
type RecurrentExports = Record<`${RecurrentKernel}Forward`, Forward> &
  Record<`${RecurrentKernel}Backward`, Backward> &
  Record<`${RecurrentKernel}InputGradient`, InputGradient>;

export interface KernelExports extends RecurrentExports {
  firstFreeByte(): number;

  packRows(panels: number, stride: number, source: number, rows: number, columns: number): void;
  unpackRows(target: number, panels: number, stride: number, rows: number, columns: number): void;

  linearForward(plan: number, rows: number): void;
  linearBackward(plan: number, rows: number, wantX: number): void;
  linearInputGradient(plan: number, rows: number): void;

  packTargets(
    panels: number,
    stride: number,
    source: number,
    weights: number,
    rows: number,
    targets: number,
    levels: number,
  ): number;
  pinball(
    dy: number,
    dyStride: number,
    y: number,
    yStride: number,
    target: number,
    targetStride: number,
    levels: number,
    weights: number,
    rows: number,
    columns: number,
    scale: number,
  ): number;

  sumOfSquares(address: number, bytes: number): number;
  scale(address: number, bytes: number, factor: number): void;
  adam(
    plan: number,
    value: number,
    gradient: number,
    moments: number,
    squares: number,
    blocks: number,
    blockRows: number,
    vectors: number,
  ): void;

  tanhArray(address: number, count: number): void;
  sigmaArray(address: number, count: number): void;
  slopeOfTanhArray(address: number, count: number): void;
}
