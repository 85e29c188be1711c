/** The LSTM layer with PyTorch's face: a stack of layers, on the fast engine or on the float64 reference. */
import { addForgetBias, fillUniform } from '../cells/initialisation.js';
import { usageError } from '../errors.js';
import { Random } from '../random.js';
import { checkValues, type EngineKind, type Values, zeros } from './engine-kind.js';
import type { LayerArrays, LstmBackend, StatePair } from './lstm-backend.js';
import { isSize, type LSTMOptions, resolveOptions } from './lstm-options.js';
import { ReferenceLstm } from './lstm-reference.js';
import { WasmLstm } from './lstm-wasm.js';
import { checkStateDict, elements, type StateDict } from './state-dict.js';

/** h and c of all layers, each [layers,B,H], lowest layer first. */
export type LSTMState<E extends EngineKind = 'wasm'> = StatePair<Values<E>>;

/** What a layer computed: `output` [T,B,H] (of `step`: [B,H]) of the top layer, and the state after the last step. */
export interface LSTMResult<E extends EngineKind = 'wasm'> {
  output: Values<E>;
  state: LSTMState<E>;
}

/** ∂loss/∂x [T,B,D], ∂loss/∂(h_0, c_0) [layers,B,H], and ∂loss/∂parameter under the names of `stateDict()`. */
export interface LSTMGradients<E extends EngineKind = 'wasm'> {
  dInput: Values<E>;
  dState: LSTMState<E>;
  grads: StateDict<Values<E>>;
}

/**
 * Long short-term memory over batches of sequences, one or more layers, with complete back-propagation through time.
 *   i, f, o = σ(Wx·x_t + Wh·h_{t−1} + b) ;  g = tanh(…) ;  C_t = f ⊙ C_{t−1} + i ⊙ g ;  h_t = o ⊙ tanh(C_t)
 * (Hochreiter & Schmidhuber 1997; Gers et al. 2000). Parameters have PyTorch's names, shapes and gate order i f g o:
 * for each layer l `weight_ih_l0` [4H,D or H], `weight_hh_l0` [4H,H], and with biases `bias_ih_l0`, `bias_hh_l0` [4H].
 * Arrays are flat, row-major and time-major: x [T,B,D], output [T,B,H], states [layers,B,H]; Float32Array on engine
 * `wasm`, Float64Array on `reference`. Arrays passed in are read, never kept or changed; arrays given out are the caller's.
 * Bidirectional layers, dropout, projection, peepholes and the form without a forget gate are not here yet.
 *
 * @example
 * const layer = new LSTM({ inputSize: 1, hiddenSize: 8, seed: 1, engine: 'reference' });
 * const { output, state } = layer.forward(Float64Array.of(0.5, -0.1, 0.2), { steps: 3, batch: 1 });
 * output.length; // 24
 * layer.step(Float64Array.of(0.4), state).output.length; // 8
 * const { dInput, grads } = layer.backward({ dOutput: new Float64Array(24).fill(1) });
 * dInput.length; // 3
 * grads.weight_ih_l0.shape; // [32, 1]
 */
export class LSTM<E extends EngineKind = 'wasm'> {
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly numLayers: number;
  readonly bias: boolean;
  readonly engine: E;
  readonly #shapes: ReadonlyMap<string, readonly number[]>;
  readonly #backend: LstmBackend<Values<E>>;
  #values: Record<string, Values<E>> = {};
  /** Sizes of the forward pass that backward belongs to. */
  #last: { steps: number; batch: number } | undefined;

  /** @throws TidegateError `unknown_option`, `invalid_option` */
  constructor(options: LSTMOptions<E>) {
    const { inputSize, hiddenSize, numLayers, bias, engine, seed, forgetBias } = resolveOptions(options);
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.numLayers = numLayers;
    this.bias = bias;
    this.engine = engine;
    this.#shapes = parameterShapes(inputSize, hiddenSize, numLayers, bias);
    const backend =
      engine === 'reference'
        ? new ReferenceLstm(inputSize, hiddenSize)
        : new WasmLstm(inputSize, hiddenSize, numLayers);
    this.#backend = backend as unknown as LstmBackend<Values<E>>;
    this.#adopt(initialValues(this.#shapes, hiddenSize, new Random(seed), forgetBias));
  }

  /** A copy of all parameters: `{ weight_ih_l0: { shape: [4H, D], data }, … }`, in PyTorch's order. */
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
   * Runs x [T,B,D] through the stack and remembers what `backward` needs.
   *
   * @param sizes `steps` T and `batch` B; `state` to start from (zeros when left out)
   * @throws TidegateError `invalid_size`, `wrong_array_type`, `wrong_length`
   */
  forward(x: Values<E>, sizes: { steps: number; batch: number; state?: LSTMState<E> | undefined }): LSTMResult<E> {
    const { steps, batch } = sizes;
    if (!isSize(steps) || !isSize(batch))
      throw usageError('invalid_size', `steps and batch need whole numbers ≥ 1, got ${steps} and ${batch}.`);
    const { inputSize: D, engine } = this;
    checkValues(engine, `x [steps,batch,inputSize] = [${steps},${batch},${D}]`, x, steps * batch * D);
    this.#last = undefined;
    const result = this.#backend.forward(x, this.#state('state', sizes.state, batch), steps, batch);
    this.#last = { steps, batch };
    return result;
  }

  /**
   * The complete gradient of a loss, given ∂loss/∂output of the last `forward` as `dOutput` [T,B,H] and ∂loss/∂(final
   * state) as `dState` (each zero when left out). Later calls of `step` do not matter.
   *
   * @throws TidegateError `no_forward`, `wrong_array_type`, `wrong_length`
   */
  backward(errors: { dOutput?: Values<E> | undefined; dState?: LSTMState<E> | undefined }): LSTMGradients<E> {
    if (this.#last === undefined)
      throw usageError(
        'no_forward',
        'backward needs a forward pass with the present parameters: call forward first, and again after loadStateDict.',
      );
    const { steps, batch } = this.#last;
    const { hiddenSize: H, engine } = this;
    const dOutput = errors.dOutput ?? zeros(engine, steps * batch * H);
    checkValues(engine, `dOutput [steps,batch,hiddenSize] = [${steps},${batch},${H}]`, dOutput, steps * batch * H);
    const { dInput, dState, layers } = this.#backend.backward(dOutput, this.#state('dState', errors.dState, batch));
    const ofParameter = (name: string): Values<E> => {
      const gradients = layers[layerOf(name)];
      if (name.startsWith('weight_ih')) return gradients.weight_ih;
      if (name.startsWith('weight_hh')) return gradients.weight_hh;
      return gradients.bias.slice() as Values<E>;
    };
    return { dInput, dState, grads: this.#tensors(ofParameter) };
  }

  /**
   * One step of streaming use: x [B,D] and the state so far (zeros when left out) → output [B,H] and the next state.
   *
   * @throws TidegateError `wrong_array_type`, `wrong_length`
   */
  step(x: Values<E>, state?: LSTMState<E>): LSTMResult<E> {
    const { inputSize: D, engine } = this;
    const batch = Math.max(1, Math.ceil((x?.length ?? 0) / D));
    checkValues(engine, `x [batch,inputSize] = [${batch},${D}]`, x, batch * D);
    return this.#backend.step(x, this.#state('state', state, batch), batch);
  }

  /** Copies new values in and hands them to the backend. */
  #adopt(source: Record<string, ArrayLike<number>>): void {
    this.#values = {};
    for (const [name, shape] of this.#shapes) {
      this.#values[name] = zeros(this.engine, elements(shape));
      this.#values[name].set(source[name]);
    }
    this.#backend.setParameters(Array.from({ length: this.numLayers }, (_, l) => this.#layerArrays(l)));
    this.#last = undefined;
  }

  /** What layer l computes with: its weights, and its two biases as one. */
  #layerArrays(l: number): LayerArrays<Values<E>> {
    const bias = zeros(this.engine, 4 * this.hiddenSize);
    if (this.bias) {
      const [input, hidden] = [this.#values[`bias_ih_l${l}`], this.#values[`bias_hh_l${l}`]];
      for (let k = 0; k < bias.length; k++) bias[k] = input[k] + hidden[k];
    }
    return { weight_ih: this.#values[`weight_ih_l${l}`], weight_hh: this.#values[`weight_hh_l${l}`], bias };
  }

  #tensors(data: (name: string) => Values<E>): StateDict<Values<E>> {
    return Object.fromEntries(
      [...this.#shapes].map(([name, shape]) => [name, { shape: [...shape], data: data(name) }]),
    );
  }

  /** A checked state, or zeros. */
  #state(what: string, state: LSTMState<E> | undefined, batch: number): LSTMState<E> {
    const { numLayers, hiddenSize, engine } = this;
    const needed = numLayers * batch * hiddenSize;
    if (state === undefined) return { h: zeros(engine, needed), c: zeros(engine, needed) };
    const shape = `[layers,batch,hiddenSize] = [${numLayers},${batch},${hiddenSize}]`;
    checkValues(engine, `${what}.h ${shape}`, state.h, needed);
    checkValues(engine, `${what}.c ${shape}`, state.c, needed);
    return state;
  }
}

/** PyTorch's names and shapes, in its order. */
function parameterShapes(inputSize: number, H: number, numLayers: number, bias: boolean): Map<string, number[]> {
  const shapes = new Map<string, number[]>();
  for (let l = 0; l < numLayers; l++) {
    shapes.set(`weight_ih_l${l}`, [4 * H, l === 0 ? inputSize : H]);
    shapes.set(`weight_hh_l${l}`, [4 * H, H]);
    if (!bias) continue;
    shapes.set(`bias_ih_l${l}`, [4 * H]);
    shapes.set(`bias_hh_l${l}`, [4 * H]);
  }
  return shapes;
}

/** The layer number at the end of a parameter's name. */
function layerOf(name: string): number {
  return Number(name.slice(name.lastIndexOf('_l') + 2));
}

/** Start values in float64, each parameter from a random stream of its own. */
function initialValues(
  shapes: ReadonlyMap<string, readonly number[]>,
  hiddenSize: number,
  random: Random,
  forgetBias: number,
): Record<string, Float64Array> {
  const values: Record<string, Float64Array> = {};
  for (const [name, shape] of shapes) {
    values[name] = new Float64Array(elements(shape));
    fillUniform(values[name], hiddenSize, random.fork(name));
    if (name.startsWith('bias_ih')) addForgetBias(values[name], forgetBias, hiddenSize);
  }
  return values;
}
