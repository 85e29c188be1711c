/** The parameters of a stack under PyTorch's names, and how they map to the arrays that a cell computes with. */
import type { NamedValues, Numbers } from './cell-runner.js';
import type { Allocate } from './direction.js';
import type { RecurrentCell } from './recurrent-cell.js';

export interface StackShape {
  readonly inputSize: number;
  readonly numLayers: number;
  readonly directions: number;
  readonly bias: boolean;
}

/** One layer in one direction: the end of its parameters' names (`_l0`, `_l0_reverse`, `_l1`, …) and what comes into it. */
export interface StackPart {
  readonly suffix: string;
  readonly inputSize: number;
  readonly reversed: boolean;
}

/** Layer after layer, forward before reverse: the order of PyTorch's parameters and states. */
export function partsOf(cell: RecurrentCell, { inputSize, numLayers, directions }: StackShape): StackPart[] {
  return Array.from({ length: numLayers * directions }, (_, row) => {
    const layer = Math.floor(row / directions);
    const reversed = row % directions === 1;
    return {
      suffix: `_l${layer}${reversed ? '_reverse' : ''}`,
      inputSize: layer === 0 ? inputSize : directions * cell.states.h,
      reversed,
    };
  });
}

/** Names without their ends, and shapes: PyTorch's in its order, then our own. */
export function partShapes(cell: RecurrentCell, inputSize: number, bias: boolean): [string, readonly number[]][] {
  const rows = cell.gates * cell.hiddenSize;
  const biases: [string, number[]][] = [
    ['bias_ih', [rows]],
    ['bias_hh', [rows]],
  ];
  return [
    ['weight_ih', [rows, inputSize]],
    ['weight_hh', [rows, cell.states.h]],
    ...(bias ? biases : []),
    ...Object.entries(cell.extras),
  ];
}

/** What the cell computes with: the weights and extras as they are, and the two biases as one, or as it needs them. */
export function computedValues<V extends Numbers>(
  cell: RecurrentCell,
  values: NamedValues<V>,
  { suffix }: StackPart,
  allocate: Allocate<V>,
): NamedValues<V> {
  const own = (name: string) => values[`${name}${suffix}`];
  const H = cell.hiddenSize;
  const bias = allocate(cell.gates * H);
  const [input, hidden] = [own('bias_ih'), own('bias_hh')];
  const shared = cell.separateBias ? bias.length - H : bias.length;
  if (input) for (let k = 0; k < bias.length; k++) bias[k] = input[k] + (k < shared ? hidden[k] : 0);
  const bias_hn = allocate(H);
  if (input) for (let k = shared; k < bias.length; k++) bias_hn[k - shared] = hidden[k];
  return {
    weight_ih: own('weight_ih'),
    weight_hh: own('weight_hh'),
    bias,
    ...(cell.separateBias && { bias_hn }),
    ...Object.fromEntries(Object.keys(cell.extras).map((name) => [name, own(name)])),
  };
}

/** The gradient of parameter `name` (without its end) from those of the arrays above, as an array of its own. */
export function gradientOf<V extends Numbers>(name: string, { bias, bias_hn, ...others }: NamedValues<V>): V {
  if (!name.startsWith('bias')) return others[name];
  const gradient = bias.slice() as V;
  if (name === 'bias_hh' && bias_hn) gradient.set(bias_hn, gradient.length - bias_hn.length);
  return gradient;
}
