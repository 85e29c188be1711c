/** The linear layer with PyTorch's face, on the fast engine or on the float64 reference. */
import { fillUniform } from '../cells/initialisation.js';
import { usageError } from '../errors.js';
import { Random } from '../random.js';
import { checkValues, type EngineKind, type Values, zeros } from './engine-kind.js';
import { type LinearBackend, ReferenceLinear, WasmLinear } from './linear-backends.js';
import { ENGINE, FLAG, SEED, SIZE, settle } from './option-rules.js';
import { checkStateDict, elements, type StateDict } from './state-dict.js';

export interface LinearOptions<E extends EngineKind = EngineKind> {
  /** K: numbers per row that come in. */
  inputSize: number;
  /** M: numbers per row that go out. */
  outputSize: number;
  /** Default true. */
  bias?: boolean | undefined;
  /** Seed of the start values; equal seeds give equal layers, on either engine (rounded to float32 on `wasm`). Default 0. */
  seed?: number | string | undefined;
  /** Default `wasm`. */
  engine?: E | undefined;
}

/** ∂loss/∂x, of the shape of x, and ∂loss/∂parameter under the names of `stateDict()`. */
export interface LinearGradients<E extends EngineKind = 'wasm'> {
  dInput: Values<E>;
  grads: StateDict<Values<E>>;
}

/**
 * y = x·Wᵀ + b on every row of x.
 * Parameters as in PyTorch: `weight` [M,K] and, with a bias, `bias` [M], both uniform in ±1/√K at the start. Arrays are flat
 * and row-major: x [..., K] of any number of rows ([T,B,K] for a sequence) → output [..., M]; Float32Array on engine `wasm`,
 * Float64Array on `reference`. Arrays passed in are read, never kept or changed; arrays given out are the caller's.
 *
 * @example
 * const layer = new Linear({ inputSize: 2, outputSize: 1, engine: 'reference' });
 * layer.loadStateDict({ weight: { shape: [1, 2], data: [3, -1] }, bias: { shape: [1], data: [10] } });
 * layer.forward(Float64Array.of(1, 2, 0, 5)).output; // Float64Array.of(11, 5)
 * const { dInput, grads } = layer.backward({ dOutput: Float64Array.of(1, 2) });
 * dInput; // Float64Array.of(3, -1, 6, -2)
 * grads.weight.data; // Float64Array.of(1, 12)
 * grads.bias.data; // Float64Array.of(3)
 */
export class Linear<E extends EngineKind = 'wasm'> {
  readonly inputSize: number;
  readonly outputSize: number;
  readonly bias: boolean;
  readonly engine: E;
  readonly #shapes: ReadonlyMap<string, readonly number[]>;
  readonly #backend: LinearBackend<Values<E>>;
  #values: Record<string, Values<E>> = {};
  /** Rows of the forward pass that backward belongs to. */
  #rows: number | undefined;

  /** @throws TidegateError `unknown_option`, `invalid_option` */
  constructor(options: LinearOptions<E>) {
    const rules = { inputSize: SIZE, outputSize: SIZE, bias: FLAG, seed: SEED, engine: ENGINE };
    const defaults = { bias: true, seed: 0, engine: 'wasm' as E };
    const { inputSize, outputSize, bias, engine, seed } = settle<LinearOptions<E>>('Linear', options, rules, defaults);
    this.inputSize = inputSize;
    this.outputSize = outputSize;
    this.bias = bias as boolean;
    this.engine = engine as E;
    this.#shapes = new Map([['weight', [outputSize, inputSize]], ...(bias ? ([['bias', [outputSize]]] as const) : [])]);
    const backend =
      engine === 'reference' ? new ReferenceLinear(inputSize, outputSize) : new WasmLinear(inputSize, outputSize);
    this.#backend = backend as unknown as LinearBackend<Values<E>>;
    const random = new Random(seed as number | string);
    const start: Record<string, Float64Array> = {};
    for (const [name, shape] of this.#shapes) {
      start[name] = new Float64Array(elements(shape));
      fillUniform(start[name], inputSize, random.fork(name));
    }
    this.#adopt(start);
  }

  /** A copy of all parameters: `{ weight: { shape: [M, K], data }, bias: { shape: [M], data } }`. */
  stateDict(): StateDict<Values<E>> {
    return this.#tensors((name) => this.#values[name].slice() as Values<E>);
  }

  /**
   * Takes over all parameters, all or none. The tensors are copied (on `wasm`, rounded to float32).
   * The last forward pass is forgotten.
   *
   * @throws TidegateError `state_dict_names`, `state_dict_shape`
   */
  loadStateDict(dict: StateDict): void {
    checkStateDict(dict, this.#shapes);
    this.#adopt(Object.fromEntries([...this.#shapes.keys()].map((name) => [name, dict[name].data])));
  }

  /**
   * x [..., K] → output [..., M]. Remembers what `backward` needs.
   *
   * @throws TidegateError `wrong_array_type`, `wrong_length` (x is empty or no whole number of rows)
   */
  forward(x: Values<E>): { output: Values<E> } {
    const rows = Math.max(1, Math.ceil((x?.length ?? 0) / this.inputSize));
    checkValues(this.engine, `x [rows,inputSize] = [${rows},${this.inputSize}]`, x, rows * this.inputSize);
    this.#rows = undefined;
    const output = this.#backend.forward(x, rows);
    this.#rows = rows;
    return { output };
  }

  /**
   * The gradient of a loss, given ∂loss/∂output of the last `forward` as `dOutput` [..., M].
   *
   * @throws TidegateError `no_forward`, `wrong_array_type`, `wrong_length`
   */
  backward({ dOutput }: { dOutput: Values<E> }): LinearGradients<E> {
    const rows = this.#rows;
    if (rows === undefined)
      throw usageError(
        'no_forward',
        'backward needs a forward pass with the present parameters: call forward first, and again after loadStateDict.',
      );
    const { outputSize, engine } = this;
    checkValues(engine, `dOutput [rows,outputSize] = [${rows},${outputSize}]`, dOutput, rows * outputSize);
    const { dInput, ...gradients } = this.#backend.backward(dOutput, rows);
    return { dInput, grads: this.#tensors((name) => gradients[name as 'weight' | 'bias']) };
  }

  /** Copies new values in and hands them to the backend. */
  #adopt(source: Record<string, ArrayLike<number>>): void {
    this.#values = {};
    for (const [name, shape] of this.#shapes) {
      this.#values[name] = zeros(this.engine, elements(shape));
      this.#values[name].set(source[name]);
    }
    const { weight, bias } = this.#values;
    this.#backend.setParameters({ weight, bias: bias ?? zeros(this.engine, this.outputSize) });
    this.#rows = undefined;
  }

  #tensors(data: (name: string) => Values<E>): StateDict<Values<E>> {
    return Object.fromEntries(
      [...this.#shapes].map(([name, shape]) => [name, { shape: [...shape], data: data(name) }]),
    );
  }
}
