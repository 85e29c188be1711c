/** PyTorch's face of a recurrent layer, the same for every cell, on the fast engine or on the float64 reference. */
import { usageError } from '../errors.js';
import { Random } from '../random.js';
import type { CellRunner } from './cell-runner.js';
import { Direction } from './direction.js';
import { checkValues, type EngineKind, type Values, zeros } from './engine-kind.js';
import { SIZE } from './option-rules.js';
import { packBySequences, packBySteps } from './packing.js';
import type { RecurrentCell } from './recurrent-cell.js';
import { startValues } from './recurrent-init.js';
import type { RecurrentOptions, Resolved } from './recurrent-options.js';
import { computedValues, gradientOf, partShapes, partsOf, type StackPart } from './recurrent-parameters.js';
import { RecurrentStack, type StackPass } from './recurrent-stack.js';
import { ReferenceRunner } from './reference-runner.js';
import { checkStateDict, type StateDict } from './state-dict.js';
import { EngineStream, ReferenceStream, type Stream, type StreamLayer, type StreamOptions } from './stream.js';
import { WasmRunner } from './wasm-runner.js';

const [isSize] = SIZE;

/** States of all layers, each [layers·directions,B,·], lowest layer first, forward before reverse. */
export type RecurrentState<E extends EngineKind, S extends string> = Record<S, Values<E>>;

/** What a layer computed: `output` [T,B,directions·R] (of `step`: [B,R]) of the top layer, and the state after the last step. */
export interface RecurrentResult<E extends EngineKind, S extends string> {
  output: Values<E>;
  state: RecurrentState<E, S>;
}

/** ∂loss/∂x [T,B,D], ∂loss/∂(initial states), and ∂loss/∂parameter under the names of `stateDict()`. */
export interface RecurrentGradients<E extends EngineKind, S extends string> {
  dInput: Values<E>;
  dState: RecurrentState<E, S>;
  grads: StateDict<Values<E>>;
}

/** What a pass is given besides x. */
export interface RecurrentSizes<E extends EngineKind, S extends string> {
  /** T. */
  steps: number;
  /** B. */
  batch: number;
  /** To start from; zeros when left out. */
  state?: RecurrentState<E, S> | undefined;
  /**
   * How many of the T steps each sequence has, 1 … T. Beyond its length a sequence's input is not read and its output
   * and dInput are 0; its final state is that at its own end, and there the reverse direction starts. Default: all T.
   */
  lengths?: readonly number[] | undefined;
}

/** A parameter: its name is `name` and the end of its part of the stack. */
interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  /** Layer and direction, in PyTorch's order. */
  readonly row: number;
}

/**
 * The base of `RNN`, `LeakyRNN`, `GRU` and `LSTM`, which differ in their cell; S are the names of its states.
 *
 * Arrays are flat, row-major and time-major: Float32Array on engine `wasm`, Float64Array on `reference`. Arrays passed in
 * are read, never kept or changed; arrays given out are the caller's. A layer starts in training mode, as PyTorch's do;
 * the mode matters for dropout only. `step` never drops anything.
 */
export abstract class RecurrentLayer<E extends EngineKind, S extends string> {
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly numLayers: number;
  readonly bias: boolean;
  readonly bidirectional: boolean;
  /** Numbers per step of the output: twice h's width where bidirectional. */
  readonly outputSize: number;
  readonly dropout: number;
  readonly recurrentDropout: number;
  readonly engine: E;
  readonly #cell: RecurrentCell;
  readonly #parts: readonly StackPart[];
  /** By full name, in PyTorch's order. */
  readonly #parameters: ReadonlyMap<string, Parameter>;
  readonly #stack: RecurrentStack<Values<E>>;
  #values: Record<string, Values<E>> = {};
  #training = true;
  #dropoutRandom: Random;
  /** The forward pass that backward belongs to. */
  #last: { pass: StackPass<Values<E>>; steps: number; batch: number } | undefined;

  protected constructor(cell: RecurrentCell, options: Resolved<RecurrentOptions<E>, 'longest'>) {
    const { inputSize, numLayers, bias, bidirectional, engine, init } = options;
    const directions = bidirectional ? 2 : 1;
    this.inputSize = inputSize;
    this.hiddenSize = cell.hiddenSize;
    this.numLayers = numLayers;
    this.bias = bias;
    this.bidirectional = bidirectional;
    this.outputSize = directions * cell.states.h;
    this.dropout = options.dropout;
    this.recurrentDropout = options.recurrentDropout;
    this.engine = engine;
    this.#cell = cell;
    this.#parts = partsOf(cell, { inputSize, numLayers, directions, bias });
    this.#parameters = new Map(
      this.#parts.flatMap((part, row) =>
        partShapes(cell, part.inputSize, bias).map(([name, shape]) => [`${name}${part.suffix}`, { name, shape, row }]),
      ),
    );
    this.#stack = buildStack(engine, cell, this.#parts, directions);
    const random = new Random(options.seed);
    this.#dropoutRandom = random.fork('dropout');
    const start = [...this.#parameters].map(([fullName, { name, shape }]) => [
      fullName,
      startValues(cell, name, shape, init, random.fork(fullName)),
    ]);
    this.#adopt(Object.fromEntries(start));
  }

  /** Whether dropout acts. */
  get training(): boolean {
    return this.#training;
  }

  /** Training mode, in which dropout acts; or with `false` evaluation mode, in which it does not. */
  train(training = true): this {
    this.#training = training;
    return this;
  }

  /** Evaluation mode: nothing is dropped. */
  eval(): this {
    return this.train(false);
  }

  /** Where the dropout's random stream is: part of a checkpoint that is to resume exactly. */
  dropoutState(): Uint32Array {
    return this.#dropoutRandom.state();
  }

  /** Continues the dropout's random stream where `dropoutState()` was taken. */
  restoreDropoutState(state: ArrayLike<number>): void {
    this.#dropoutRandom = Random.restore(state);
  }

  /** A copy of all parameters by PyTorch's names, in its order: `{ weight_ih_l0: { shape, data }, … }`. */
  stateDict(): StateDict<Values<E>> {
    return this.#tensors((_, name) => this.#values[name].slice() as Values<E>);
  }

  /**
   * Takes over all parameters, all or none. The tensors are copied (on `wasm`, rounded to float32).
   * The last forward pass is forgotten.
   *
   * @throws TidegateError `state_dict_names`, `state_dict_shape`
   */
  loadStateDict(dict: StateDict): void {
    checkStateDict(dict, new Map([...this.#parameters].map(([name, { shape }]) => [name, shape])));
    this.#adopt(Object.fromEntries([...this.#parameters.keys()].map((name) => [name, dict[name].data])));
  }

  /**
   * Runs x [T,B,D] through the stack and remembers what `backward` needs.
   *
   * @throws TidegateError `invalid_size`, `invalid_lengths`, `wrong_array_type`, `wrong_length`
   */
  forward(x: Values<E>, sizes: RecurrentSizes<E, S>): RecurrentResult<E, S> {
    const { steps, batch } = sizes;
    if (!isSize(steps) || !isSize(batch))
      throw usageError('invalid_size', `steps and batch need whole numbers ≥ 1, got ${steps} and ${batch}.`);
    const { inputSize: D, engine } = this;
    checkValues(engine, `x [steps,batch,inputSize] = [${steps},${batch},${D}]`, x, steps * batch * D);
    const lengths = sizes.lengths ?? new Array<number>(batch).fill(steps);
    checkLengths(lengths, steps, batch);
    const state = this.#checkedState('state', sizes.state, batch);
    const dropout = this.#training
      ? { betweenLayers: this.dropout, recurrent: this.recurrentDropout, random: this.#dropoutRandom }
      : undefined;
    const pack = dropout && dropout.recurrent > 0 ? packBySequences : packBySteps;
    this.#last = undefined;
    const pass = this.#stack.forward(x, state, pack(steps, batch, lengths), dropout);
    this.#last = { pass, steps, batch };
    return { output: pass.output, state: pass.state as RecurrentState<E, S> };
  }

  /**
   * The complete gradient of a loss, given ∂loss/∂output of the last `forward` as `dOutput` (of its shape) and
   * ∂loss/∂(final state) as `dState` (each, and each of its arrays, zero when left out). May be called again; `step` in between does not matter.
   *
   * @throws TidegateError `no_forward`, `wrong_array_type`, `wrong_length`
   */
  backward(errors: {
    dOutput?: Values<E> | undefined;
    dState?: Partial<RecurrentState<E, S>> | undefined;
  }): RecurrentGradients<E, S> {
    if (this.#last === undefined)
      throw usageError(
        'no_forward',
        'backward needs a forward pass with the present parameters: call forward first, and again after loadStateDict.',
      );
    const { pass, steps, batch } = this.#last;
    const { outputSize: width, engine } = this;
    const needed = steps * batch * width;
    const dOutput = errors.dOutput ?? zeros(engine, needed);
    checkValues(engine, `dOutput [steps,batch,outputSize] = [${steps},${batch},${width}]`, dOutput, needed);
    const back = pass.backward(dOutput, this.#checkedState('dState', errors.dState, batch));
    const ofParameter = ({ name, row }: Parameter) => gradientOf(name, back.gradients[row]);
    return {
      dInput: back.dInput,
      dState: back.dState as RecurrentState<E, S>,
      grads: this.#tensors(ofParameter),
    };
  }

  /**
   * One step of streaming use: x [B,D] and the state so far (zeros when left out) → output [B,R] and the next state.
   *
   * @throws TidegateError `bidirectional_step`, `wrong_array_type`, `wrong_length`
   */
  step(x: Values<E>, state?: RecurrentState<E, S>): RecurrentResult<E, S> {
    this.#needOneDirection();
    const { inputSize: D, engine } = this;
    const batch = Math.max(1, Math.ceil((x?.length ?? 0) / D));
    checkValues(engine, `x [batch,inputSize] = [${batch},${D}]`, x, batch * D);
    const result = this.#stack.step(x, this.#checkedState('state', state, batch), batch);
    return { output: result.output, state: result.state as RecurrentState<E, S> };
  }

  /**
   * Streaming use of B live series, far faster than `step`: the states stay where they are computed. The stream keeps the
   * parameters of this moment; nothing is dropped.
   *
   * @throws TidegateError `bidirectional_step`, `invalid_size`, `wrong_array_type`, `wrong_length`
   */
  stream({ batch = 1, state }: StreamOptions<RecurrentState<E, S>> = {}): Stream<E, RecurrentState<E, S>> {
    this.#needOneDirection();
    if (!isSize(batch)) throw usageError('invalid_size', `batch needs a whole number ≥ 1, got ${batch}.`);
    const start = this.#checkedState('state', state, batch);
    const layers = this.#stack.layers.map(([{ inputSize, parameters }]) => {
      return { inputSize, parameters, spec: this.#cell.spec(inputSize) };
    });
    const { outputSize: width } = this;
    const stream =
      this.engine === 'wasm'
        ? new EngineStream(layers as unknown as StreamLayer[], batch, start as Record<string, Float32Array>, width)
        : new ReferenceStream(this.inputSize, batch, start as Record<string, Float64Array>, (x, before) => {
            const parameters = layers.map((layer) => layer.parameters);
            return this.#stack.step(x as Values<E>, before as never, batch, parameters) as never;
          });
    return stream as unknown as Stream<E, RecurrentState<E, S>>;
  }

  #needOneDirection(): void {
    if (this.bidirectional)
      throw usageError(
        'bidirectional_step',
        'a bidirectional layer reads its sequences from the end too and cannot go step by step: use forward.',
      );
  }

  /** Copies new values in and hands them to the stack. */
  #adopt(source: Record<string, ArrayLike<number>>): void {
    this.#values = Object.fromEntries(
      Object.entries(source).map(([name, data]) => {
        const values = zeros(this.engine, data.length);
        values.set(data);
        return [name, values];
      }),
    );
    const allocate = (length: number) => zeros(this.engine, length);
    for (const [row, direction] of this.#stack.layers.flat().entries())
      direction.parameters = computedValues(this.#cell, this.#values, this.#parts[row], allocate);
    this.#last = undefined;
  }

  #tensors(data: (parameter: Parameter, fullName: string) => Values<E>): StateDict<Values<E>> {
    return Object.fromEntries(
      [...this.#parameters].map(([fullName, parameter]) => [
        fullName,
        { shape: [...parameter.shape], data: data(parameter, fullName) },
      ]),
    );
  }

  /** A checked state, or zeros. */
  #checkedState(
    what: 'state' | 'dState',
    state: Partial<RecurrentState<E, S>> | undefined,
    batch: number,
  ): Record<string, Values<E>> {
    const rows = this.#parts.length;
    const checked: Record<string, Values<E>> = {};
    for (const [name, width] of Object.entries(this.#cell.states)) {
      const needed = rows * batch * width;
      // Half a state is a mistake; half of its gradient is a loss that does not look at the other half.
      const given = state?.[name as S];
      const absent = state === undefined || (what === 'dState' && given === undefined);
      checked[name] = absent ? zeros(this.engine, needed) : (given as Values<E>);
      const shape = `[layers·directions,batch,width] = [${rows},${batch},${width}]`;
      checkValues(this.engine, `${what}.${name} ${shape}`, checked[name], needed);
    }
    return checked;
  }
}

function buildStack<E extends EngineKind>(
  engine: E,
  cell: RecurrentCell,
  parts: readonly StackPart[],
  directions: number,
): RecurrentStack<Values<E>> {
  const allocate = (length: number) => zeros(engine, length);
  const build = ({ inputSize, reversed }: StackPart) => {
    const runner = engine === 'reference' ? new ReferenceRunner(cell) : new WasmRunner(cell.spec(inputSize));
    return new Direction(inputSize, reversed, cell.states, runner as unknown as CellRunner<Values<E>>, allocate);
  };
  const all = parts.map(build);
  const layers = Array.from({ length: all.length / directions }, (_, l) =>
    all.slice(l * directions, (l + 1) * directions),
  );
  return new RecurrentStack(layers, cell.states, allocate);
}

function checkLengths(lengths: readonly number[], steps: number, batch: number): void {
  const wrong = lengths.findIndex((length) => !isSize(length) || length > steps);
  const got = lengths.length !== batch ? `${lengths.length} lengths` : `length ${lengths[wrong]} of sequence ${wrong}`;
  if (lengths.length !== batch || wrong >= 0)
    throw usageError(
      'invalid_lengths',
      `lengths needs a whole number from 1 to steps = ${steps} for each of the ${batch} sequences, got ${got}.`,
    );
}
