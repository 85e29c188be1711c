/** The echo state network: a fixed random reservoir and a readout that is learned by linear regression. */
import { type EsnWeights, esnStep } from '../cells/esn.js';
import { drawReservoir } from '../cells/reservoir.js';
import { denseFromSparse, sparseFromDense } from '../cells/sparse-matrix.js';
import { inputError, usageError } from '../errors.js';
import { Random } from '../random.js';
import { checkValues } from './engine-kind.js';
import { type ESNOptions, type ResolvedESNOptions, resolveESNOptions } from './esn-options.js';
import { RidgeReadout } from './ridge-readout.js';
import { checkStateDict, type StateDict } from './state-dict.js';

/** Where a network is in a sequence. */
export interface ESNState {
  /** The reservoir [N]. */
  h: Float64Array;
  /** The last output, or the last target where there was one [O]: what feedback and `generate` start from. */
  y: Float64Array;
  /** Steps since the zero state; the first `washout` of them are not learned from. */
  steps: number;
}

/** What a run gave: `output` [T,O], and a copy of the state after the last step. */
export interface ESNResult {
  output: Float64Array;
  state: ESNState;
}

/** One sequence, or several that each start from the zero state: steps × numbers per step, row-major. */
export type Sequences = Float64Array | readonly Float64Array[];

/**
 * Echo state network (Jaeger 2001).
 *   h_t = (1 − λ)·h_{t−1} + λ·tanh(Wx·x_t + Wh·h_{t−1} + Wfb·y_{t−1} + b) ;  y_t = Wout·[1; x_t; h_t]
 * Only Wout is learned: by ridge regression through an orthogonal factorisation (`fit`), and online by recursive least
 * squares (`partialFit`). Wx, Wh, Wfb and b are random, sized by the options, and stay. Float64 throughout, one sequence
 * at a time; arrays are flat and row-major: x [T,D], y [T,O], h [N]. Arrays passed in are read, never kept or changed.
 *
 * The network carries its state: `fit` ends where its last sequence ends, and `run`, `partialFit` and `generate` go on
 * from there, or from a `state` that is passed. There is no back-propagation through it, no float32 engine and no batch.
 *
 * @example
 * const wave = Float64Array.from({ length: 400 }, (_, t) => Math.sin(t / 5));
 * const network = new ESN({ inputSize: 1, reservoirSize: 50, leak: 0.5, washout: 50, seed: 1 });
 * // Learn to predict one step ahead, then go on from the end: steps 400 … 419.
 * network.fit(wave.subarray(0, 399), wave.subarray(1));
 * const { output } = network.generate(20);
 * Math.abs(output[19] - Math.sin(419 / 5)) < 0.01; // true
 */
export class ESN {
  readonly options: Readonly<ResolvedESNOptions>;
  readonly #readout: RidgeReadout;
  #weights: EsnWeights;
  #state: ESNState;
  #fitted = false;
  /** [1; x; h] of one step, and z of esnStep. */
  readonly #features: Float64Array;
  readonly #z: Float64Array;

  /** @throws TidegateError `unknown_option`, `invalid_option`, `reservoir_not_scaled` */
  constructor(options: ESNOptions) {
    this.options = Object.freeze(resolveESNOptions(options));
    const { inputSize: D, outputSize: O, reservoirSize: N, seed } = this.options;
    this.#weights = drawReservoir({ N, D, O }, this.options, new Random(seed));
    if (!this.#weights.Wh.values.every(Number.isFinite))
      throw usageError(
        'reservoir_not_scaled',
        'the spectral radius of the random weights could not be computed: choose another seed or density.',
      );
    this.#readout = new RidgeReadout({ M: 1 + D + N, O }, this.options.ridge);
    this.#features = new Float64Array(1 + D + N);
    this.#z = new Float64Array(N);
    this.#state = this.#zeroState();
  }

  /** A copy of the state after the last step. */
  get state(): ESNState {
    const { h, y, steps } = this.#state;
    return { h: h.slice(), y: y.slice(), steps };
  }

  /** Back to the zero state. The readout stays. */
  resetState(): void {
    this.#state = this.#zeroState();
  }

  /**
   * Learns the readout from scratch: ridge regression of the targets y on [1; x; h], over all steps but the first
   * `washout` of each sequence. Feedback sees the targets (teacher forcing). The same call gives the same readout.
   *
   * @throws TidegateError `wrong_array_type`, `wrong_length`, `not_finite`, `too_few_steps`, `singular_readout`
   */
  fit(x: Sequences, y: Sequences): void {
    const pairs = this.#pairs(x, y);
    const { noise, washout } = this.options;
    if (!pairs.some(([inputs]) => inputs.length / this.options.inputSize > washout))
      throw inputError(
        'too_few_steps',
        `no sequence has more than ${washout} steps, which is the washout that fit does not learn from. ` +
          'Give longer sequences or a smaller washout.',
      );
    const random = noise > 0 ? new Random(this.options.seed).fork('noise') : undefined;
    this.#readout.begin();
    for (const [inputs, targets] of pairs) {
      this.resetState();
      this.#drive(inputs, targets, random, (t) => this.#learn(targets, t, 1));
    }
    this.#fitted = this.#readout.finish(1);
  }

  /**
   * Learns from further steps of the present sequence, online: recursive least squares, older steps counting
   * `forgetting`^age. After `fit` it continues that regression (with forgetting 1: to the same weights as a fit on
   * everything); after `loadStateDict` without learning tensors it shrinks towards the loaded weights.
   *
   * @returns `output`: what the readout said of these steps before it learned from them
   * @throws TidegateError `wrong_array_type`, `wrong_length`, `not_finite`, `ridge_needed`, `singular_readout`
   */
  partialFit(x: Float64Array, y: Float64Array): ESNResult {
    const steps = this.#steps('x', x);
    this.#checkTargets('y', y, steps);
    const { outputSize: O, forgetting } = this.options;
    this.#readout.resume();
    const output = new Float64Array(steps * O);
    this.#drive(x, y, undefined, (t) => {
      this.#readout.predict(output.subarray(t * O, (t + 1) * O), this.#features);
      this.#learn(y, t, forgetting);
    });
    this.#fitted = this.#readout.finish(forgetting) || this.#fitted;
    return { output, state: this.state };
  }

  /**
   * Runs over x [T,D] and gives the readout at every step.
   *
   * @param from `state` to start from (left out: where the network is); `teacher` [T,O]: true outputs, which feedback and
   *   a following `generate` see in place of the readout's own
   * @throws TidegateError `not_fitted`, `wrong_array_type`, `wrong_length`, `not_finite`
   */
  run(x: Float64Array, from: { state?: ESNState | undefined; teacher?: Float64Array | undefined } = {}): ESNResult {
    this.#checkFitted();
    const { outputSize: O } = this.options;
    const steps = this.#steps('x', x);
    if (from.teacher !== undefined) this.#checkTargets('teacher', from.teacher, steps);
    this.#adoptState(from.state);
    const output = new Float64Array(steps * O);
    this.#drive(x, from.teacher, undefined, (t) => {
      const y = output.subarray(t * O, (t + 1) * O);
      this.#readout.predict(y, this.#features);
      if (from.teacher === undefined) this.#state.y.set(y);
    });
    return { output, state: this.state };
  }

  /**
   * Runs freely: the input of each step is the output of the step before (after `fit` or with a teacher: the last target),
   * so a network that learned to predict its input one step ahead continues the sequence. Nothing bounds the outputs: a
   * network that is not stable in this loop runs away (more ridge, some noise or a smaller spectral radius tame it).
   *
   * @returns `output` [steps,O], the steps that follow the one in `state.y`
   * @throws TidegateError `not_fitted`, `not_generative`, `invalid_size`, `wrong_array_type`, `wrong_length`, `not_finite`
   */
  generate(steps: number, from: { state?: ESNState | undefined } = {}): ESNResult {
    this.#checkFitted();
    const { inputSize, outputSize: O } = this.options;
    if (inputSize !== O)
      throw usageError(
        'not_generative',
        `generate feeds outputs back as inputs, but inputSize is ${inputSize} and outputSize ${O}: build the network with equal sizes, or use run.`,
      );
    if (!Number.isSafeInteger(steps) || steps < 0)
      throw usageError('invalid_size', `generate needs a whole number of steps ≥ 0, got ${steps}.`);
    this.#adoptState(from.state);
    const output = new Float64Array(steps * O);
    for (let t = 0; t < steps; t++) {
      const y = output.subarray(t * O, (t + 1) * O);
      this.#step(this.#state.y, 0, undefined);
      this.#readout.predict(y, this.#features);
      this.#state.y.set(y);
    }
    return { output, state: this.state };
  }

  /**
   * The reservoir's states over x [T,D] → [T,N], for a look inside or a readout of one's own. Needs no `fit`, unless there is feedback and no teacher.
   *
   * @param from as of `run`
   * @throws TidegateError `not_fitted`, `wrong_array_type`, `wrong_length`, `not_finite`
   */
  harvest(
    x: Float64Array,
    from: { state?: ESNState | undefined; teacher?: Float64Array | undefined } = {},
  ): Float64Array {
    const { reservoirSize: N } = this.options;
    const steps = this.#steps('x', x);
    if (from.teacher !== undefined) this.#checkTargets('teacher', from.teacher, steps);
    else if (this.#weights.Wfb !== undefined) this.#checkFitted();
    this.#adoptState(from.state);
    const states = new Float64Array(steps * N);
    this.#drive(x, from.teacher, undefined, (t) => {
      states.set(this.#state.h, t * N);
      if (from.teacher === undefined) this.#readout.predict(this.#state.y, this.#features);
    });
    return states;
  }

  /**
   * A copy of all weights: `weight_ih_l0` [N,D], `weight_hh_l0` [N,N], `bias_ih_l0` [N], with feedback `weight_fb_l0`
   * [N,O], and the readout `weight_out` [O,1+D+N]. With `learning`, after `fit` or `partialFit` also what `partialFit`
   * needs to continue exactly: `readout_factor` [1+D+N,1+D+N+O].
   */
  stateDict({ learning = false }: { learning?: boolean } = {}): StateDict<Float64Array> {
    const { reservoirSize: N } = this.options;
    const { Wx, Wh, b, Wfb } = this.#weights;
    const factor = learning ? this.#readout.factor() : undefined;
    const values: Record<string, Float64Array | undefined> = {
      weight_ih_l0: Wx.slice(),
      weight_hh_l0: denseFromSparse(Wh, N, N),
      bias_ih_l0: b.slice(),
      weight_fb_l0: Wfb?.slice(),
      weight_out: this.#readout.weights.slice(),
      readout_factor: factor,
    };
    return Object.fromEntries(
      [...this.#shapes(factor !== undefined)].map(([name, shape]) => [
        name,
        { shape: [...shape], data: values[name] as Float64Array },
      ]),
    );
  }

  /**
   * Takes over all weights, all or none, and goes to the zero state. The tensors are copied.
   *
   * @throws TidegateError `state_dict_names`, `state_dict_shape`, `not_finite`
   */
  loadStateDict(dict: StateDict): void {
    const { reservoirSize: N } = this.options;
    const learning = Object.hasOwn(dict, 'readout_factor');
    const shapes = this.#shapes(learning);
    checkStateDict(dict, shapes);
    for (const name of shapes.keys()) checkFinite(name, dict[name].data, 1);
    this.#weights = {
      Wx: Float64Array.from(dict.weight_ih_l0.data),
      Wh: sparseFromDense(dict.weight_hh_l0.data, N, N),
      b: Float64Array.from(dict.bias_ih_l0.data),
      Wfb: shapes.has('weight_fb_l0') ? Float64Array.from(dict.weight_fb_l0.data) : undefined,
    };
    this.#readout.load(dict.weight_out.data, learning ? dict.readout_factor.data : undefined);
    this.#fitted = true;
    this.resetState();
  }

  #shapes(learning: boolean): Map<string, number[]> {
    const { inputSize: D, outputSize: O, reservoirSize: N, feedback } = this.options;
    const M = 1 + D + N;
    return new Map([
      ['weight_ih_l0', [N, D]],
      ['weight_hh_l0', [N, N]],
      ['bias_ih_l0', [N]],
      ...(feedback > 0 ? [['weight_fb_l0', [N, O]] as const] : []),
      ['weight_out', [O, M]],
      ...(learning ? [['readout_factor', [M, M + O]] as const] : []),
    ] as [string, number[]][]);
  }

  /** Steps over x; after each, `visit` sees the features and the state, whose y is still that of the step before. */
  #drive(
    x: Float64Array,
    targets: Float64Array | undefined,
    noise: Random | undefined,
    visit: (t: number) => void,
  ): void {
    const { inputSize: D, outputSize: O, reservoirSize: N, noise: scale } = this.options;
    const disturbance = noise && new Float64Array(N);
    for (let t = 0; t < x.length / D; t++) {
      if (noise) for (let i = 0; i < N; i++) (disturbance as Float64Array)[i] = noise.uniform(-scale, scale);
      this.#step(x, t * D, disturbance);
      visit(t);
      if (targets) this.#state.y.set(targets.subarray(t * O, (t + 1) * O));
    }
  }

  /** One step of the reservoir on x[xAt …], and its features [1; x; h]. */
  #step(x: Float64Array, xAt: number, noise: Float64Array | undefined): void {
    const { inputSize: D, leak } = this.options;
    const { h, y } = this.#state;
    esnStep(h, this.#z, x, xAt, y, this.#weights, leak, noise);
    this.#state.steps += 1;
    this.#features[0] = 1;
    for (let d = 0; d < D; d++) this.#features[1 + d] = x[xAt + d];
    this.#features.set(h, 1 + D);
  }

  /** Hands the present step to the readout, unless it belongs to the washout. */
  #learn(targets: Float64Array, t: number, forgetting: number): void {
    if (this.#state.steps <= this.options.washout) return;
    this.#readout.learn(this.#features, targets, t * this.options.outputSize, forgetting);
  }

  #zeroState(): ESNState {
    const { reservoirSize, outputSize } = this.options;
    return { h: new Float64Array(reservoirSize), y: new Float64Array(outputSize), steps: 0 };
  }

  /** Goes to a state that was passed, if one was. */
  #adoptState(state: ESNState | undefined): void {
    if (state === undefined) return;
    const { reservoirSize: N, outputSize: O } = this.options;
    checkValues('reference', `state.h [reservoirSize] = [${N}]`, state.h, N);
    checkValues('reference', `state.y [outputSize] = [${O}]`, state.y, O);
    checkFinite('state.h', state.h, N);
    checkFinite('state.y', state.y, O);
    this.#state = { h: state.h.slice(), y: state.y.slice(), steps: state.steps };
  }

  #checkFitted(): void {
    if (!this.#fitted)
      throw usageError(
        'not_fitted',
        'the readout has learned nothing yet: call fit, partialFit or loadStateDict first.',
      );
  }

  /** Checks inputs and gives their number of steps. */
  #steps(what: string, x: Float64Array): number {
    const D = this.options.inputSize;
    const steps = Math.ceil((x?.length ?? 0) / D);
    checkValues('reference', `${what} [steps,inputSize] = [${steps},${D}]`, x, steps * D);
    checkFinite(what, x, D);
    return steps;
  }

  #checkTargets(what: string, y: Float64Array, steps: number): void {
    const O = this.options.outputSize;
    checkValues('reference', `${what} [steps,outputSize] = [${steps},${O}]`, y, steps * O);
    checkFinite(what, y, O);
  }

  /** Checked pairs of inputs and targets. */
  #pairs(x: Sequences, y: Sequences): [Float64Array, Float64Array][] {
    if (!Array.isArray(x) && !Array.isArray(y)) return this.#pairs([x as Float64Array], [y as Float64Array]);
    if (!Array.isArray(x) || !Array.isArray(y) || x.length !== y.length)
      throw usageError(
        'wrong_length',
        'fit needs one array of targets for each array of inputs: two arrays, or two lists of the same length.',
      );
    return x.map((inputs: Float64Array, k) => {
      this.#checkTargets('y', y[k], this.#steps('x', inputs));
      return [inputs, y[k]];
    });
  }
}

/** @throws TidegateError `not_finite` */
function checkFinite(what: string, values: ArrayLike<number>, perStep: number): void {
  for (let k = 0; k < values.length; k++) {
    if (Number.isFinite(values[k])) continue;
    const where = perStep === values.length ? `number ${k}` : `step ${Math.floor(k / perStep)}`;
    throw inputError('not_finite', `${what} has ${values[k]} at ${where}; fill gaps and remove infinities first.`);
  }
}
