/** The parent's side of the protocol of serve.mjs: one long-lived process for each contender, one question at a time. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Variables that tune a BLAS for something else than this benchmark. */
const IGNORED = ['OPENBLAS_CORETYPE', 'OPENBLAS_L2_SIZE', 'OPENBLAS_NUM_THREADS', 'NODE_OPTIONS'];

export class Child {
  #process;
  #lines;
  /** The last lines on standard error: why it ended. */
  #errors = '';
  #fault;

  /** `own`: environment variables of this contender alone. */
  constructor([program, ...args], threads, own = {}) {
    const env = { ...process.env, OMP_NUM_THREADS: `${threads}` };
    for (const name of IGNORED) delete env[name];
    Object.assign(env, own);
    this.#process = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#process.on('error', (error) => {
      this.#fault = error.message;
    });
    // A question to a child that has just died; the missing answer is reported by #answer.
    this.#process.stdin.on('error', () => {});
    this.#process.stderr.on('data', (text) => {
      this.#errors = `${this.#errors}${text}`.slice(-2000);
    });
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  /** What it says when it starts: {versions} or {missing}. */
  greeting() {
    return this.#answer();
  }

  prepare(shape) {
    return this.#ask(`prepare ${JSON.stringify(shape)}`);
  }

  run(count) {
    return this.#ask(`run ${count}`);
  }

  end() {
    this.#process.stdin.end();
  }

  #ask(line) {
    this.#process.stdin.write(`${line}\n`);
    return this.#answer();
  }

  async #answer() {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(this.#fault ?? `ended without an answer: ${this.#errors.trim() || 'no message'}`);
    return JSON.parse(value);
  }
}
