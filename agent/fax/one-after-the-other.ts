/** A machine's answer: its state, and what is to be done. */
type Step<State, Effect> = readonly [State, readonly Effect[]];

/** One step after the other. */
export function oneAfterTheOther<State, Effect>(
  [state, effects]: Step<State, Effect>,
  ...steps: readonly ((state: State) => Step<State, Effect>)[]
): Step<State, Effect> {
  let now = state;
  const all = [...effects];
  for (const step of steps) {
    const [next, more] = step(now);
    now = next;
    all.push(...more);
  }
  return [now, all];
}
