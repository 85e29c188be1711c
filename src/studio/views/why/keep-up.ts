/** Answers that follow wishes: while one is awaited, wishes may change at will, and only what is wished then is asked next. */

/**
 * @param missing the question whose answer is missing most; undefined when all is answered
 * @param ask gets the answer and keeps it, so that `missing` no longer names the question
 * @returns to be called when wishes have changed; the promise is that all is answered, and fails as `ask` does. Calls while a
 * question is open join it.
 */
export function keepUp<Q>(missing: () => Q | undefined, ask: (question: Q) => Promise<void>): () => Promise<void> {
  let going: Promise<void> | null = null;
  const run = async () => {
    for (let question = missing(); question !== undefined; question = missing()) await ask(question);
  };
  return () => {
    going ??= run().finally(() => {
      going = null;
    });
    return going;
  };
}
