import type { CellPass, CellRunner, NamedValues, PassSizes } from './cell-runner.js';
import type { RecurrentCell } from './recurrent-cell.js';

type Arrays = NamedValues<Float64Array>;

/** One layer in one direction over the textbook cells, in float64. */
export class ReferenceRunner implements CellRunner<Float64Array> {
  readonly #cell: RecurrentCell;

  constructor(cell: RecurrentCell) {
    this.#cell = cell;
  }

  prepare(): void {}

  run(parameters: Arrays, x: Float64Array, state: Arrays, sizes: PassSizes): CellPass<Float64Array> {
    return this.#cell.run(parameters, x, state, sizes);
  }

  step(parameters: Arrays, x: Float64Array, state: Arrays, batch: number) {
    return this.#cell.run(parameters, x, state, { steps: 1, batch });
  }
}
