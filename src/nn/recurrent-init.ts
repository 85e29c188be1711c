/** How the parameters of a recurrent layer start. */
import { fillGlorot, fillIdentity, fillOrthogonal, fillUniform } from '../cells/initialisation.js';
import type { Random } from '../random.js';
import type { RecurrentCell } from './recurrent-cell.js';
import { elements } from './state-dict.js';

/**
 * - `default`: everything uniform in ±1/√H, as PyTorch.
 * - `glorot`: every gate's matrices Glorot uniform; biases and peepholes 0.
 * - `orthogonal`: as `glorot`, but every gate's recurrent matrix a random orthogonal one.
 * - `identity`: as `glorot`, but the recurrent matrix the identity (the IRNN of Le et al. 2015, with ReLU).
 * - `chrono`: weights as `default`; biases 0, but gates that keep what they hold for up to `longest` steps
 *   (Tallec & Ollivier 2018).
 * On top of each comes what the options of the cell say, such as `forgetBias` and `leak`.
 */
export type Initialisation = 'default' | 'glorot' | 'orthogonal' | 'identity' | 'chrono';

/** Start values of the parameter `name` (without its end), in float64. */
export function startValues(
  cell: RecurrentCell,
  name: string,
  shape: readonly number[],
  init: Initialisation,
  random: Random,
): Float64Array {
  const values = new Float64Array(elements(shape));
  const isWeight = name.startsWith('weight');
  if (init === 'default' || (init === 'chrono' && isWeight)) fillUniform(values, cell.hiddenSize, random);
  else if (isWeight) fillWeight(values, cell, name, shape, init, random);
  cell.start(name, values, random);
  return values;
}

/** Each gate's matrix for itself: its shape is what counts. */
function fillWeight(
  values: Float64Array,
  cell: RecurrentCell,
  name: string,
  [rows, columns]: readonly number[],
  init: Initialisation,
  random: Random,
): void {
  const gates = name === 'weight_hr' ? 1 : cell.gates;
  const size = values.length / gates;
  for (let gate = 0; gate < gates; gate++) {
    const W = values.subarray(gate * size, (gate + 1) * size);
    if (name === 'weight_hh' && init === 'orthogonal') fillOrthogonal(W, rows / gates, columns, random);
    else if (name === 'weight_hh' && init === 'identity') fillIdentity(W, cell.hiddenSize);
    else fillGlorot(W, rows / gates, columns, random);
  }
}
