/** The functions of src/kernels/index.ts as the host calls them. Addresses, strides and lengths are in bytes. */
export interface KernelExports {
  firstFreeByte(): number;

  packSteps(
    panels: number,
    stride: number,
    source: number,
    sourceStep: number,
    steps: number,
    rows: number,
    columns: number,
  ): void;
  unpackSteps(
    target: number,
    targetStep: number,
    panels: number,
    stride: number,
    steps: number,
    rows: number,
    columns: number,
  ): void;
  packTargets(
    panels: number,
    stride: number,
    source: number,
    weights: number,
    rows: number,
    targets: number,
    levels: number,
  ): number;

  run(network: number, task: number, threads: number): void;
  dismiss(network: number): void;
  serve(network: number, seat: number): void;

  scale(address: number, bytes: number, factor: number): void;

  sigmaRows(to: number, from: number, rows: number): void;
  sigmaHalves(to: number, from: number, rows: number): void;
  tanhHalves(to: number, from: number, rows: number): void;
  outputHalves(to: number, c: number, o: number, rows: number): void;
  slopeOfTanhArray(address: number, count: number): void;

  peak(address: number, rounds: number): void;
  peakOfSingles(address: number, rounds: number): void;
  peakOperations(): number;
}
