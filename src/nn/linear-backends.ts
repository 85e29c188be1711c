/** What computes a linear layer: the textbook in float64, or the WebAssembly engine in float32. Sizes are checked before. */
import { addBiasGradient, addLinear, addWeightGradient, setBias, setInputGradient } from '../cells/linear.js';
import { Network } from '../engine/index.js';

/** Weight [M,K] and bias [M], or their gradients. */
export interface LinearArrays<V> {
  weight: V;
  bias: V;
}

export interface LinearBackend<V> {
  /** New values, which the caller does not change afterwards. */
  setParameters(parameters: LinearArrays<V>): void;
  /** y [N,M] = x [N,K]·Wᵀ + b. Remembers x. */
  forward(x: V, rows: number): V;
  /** The gradients of the last forward pass; may be called again. */
  backward(dOutput: V, rows: number): LinearArrays<V> & { dInput: V };
}

export class ReferenceLinear implements LinearBackend<Float64Array> {
  readonly #inputSize: number;
  readonly #outputSize: number;
  #parameters: LinearArrays<Float64Array> = { weight: new Float64Array(), bias: new Float64Array() };
  #x = new Float64Array();

  constructor(inputSize: number, outputSize: number) {
    this.#inputSize = inputSize;
    this.#outputSize = outputSize;
  }

  setParameters(parameters: LinearArrays<Float64Array>): void {
    this.#parameters = parameters;
  }

  forward(x: Float64Array, N: number): Float64Array {
    const [M, K] = [this.#outputSize, this.#inputSize];
    this.#x = x.slice();
    const output = new Float64Array(N * M);
    setBias(output, 0, this.#parameters.bias, N, M);
    addLinear(output, 0, x, 0, this.#parameters.weight, N, M, K);
    return output;
  }

  backward(dOutput: Float64Array, N: number) {
    const [M, K] = [this.#outputSize, this.#inputSize];
    const dInput = new Float64Array(N * K);
    const weight = new Float64Array(M * K);
    const bias = new Float64Array(M);
    setInputGradient(dInput, 0, dOutput, 0, this.#parameters.weight, N, M, K);
    addWeightGradient(weight, dOutput, this.#x, N, M, K);
    addBiasGradient(bias, dOutput, N, M);
    return { dInput, weight, bias };
  }
}

export class WasmLinear implements LinearBackend<Float32Array> {
  readonly #layer: { kind: 'linear'; inputSize: number; outputSize: number };
  #parameters: LinearArrays<Float32Array> = { weight: new Float32Array(), bias: new Float32Array() };
  #network: Network | undefined;
  #x = new Float32Array();
  /** Whether the engine's backward has overwritten what forward left. */
  #spent = false;

  constructor(inputSize: number, outputSize: number) {
    this.#layer = { kind: 'linear', inputSize, outputSize };
  }

  setParameters(parameters: LinearArrays<Float32Array>): void {
    this.#parameters = parameters;
    if (this.#network !== undefined) this.#write(this.#network);
  }

  forward(x: Float32Array, rows: number): Float32Array {
    this.#network = this.#ready(rows);
    this.#x = x.slice();
    this.#spent = false;
    this.#network.forward(x, 1, rows);
    return this.#network.output();
  }

  backward(dOutput: Float32Array, rows: number) {
    const network = this.#ready(rows);
    if (this.#spent) network.forward(this.#x, 1, rows);
    this.#spent = true;
    network.zeroGradients();
    network.backward(dOutput);
    return {
      dInput: network.inputGradient(),
      weight: network.read('gradient', '0.weight'),
      bias: network.read('gradient', '0.bias'),
    };
  }

  /** The network with the present parameters, planned anew when it is too small. */
  #ready(rows: number): Network {
    if (this.#network !== undefined && rows <= this.#network.capacity.batch) return this.#network;
    const network = new Network([this.#layer], { steps: 1, batch: rows, training: true });
    this.#write(network);
    return network;
  }

  #write(network: Network): void {
    network.write('value', '0.weight', this.#parameters.weight);
    network.write('value', '0.bias', this.#parameters.bias);
  }
}
