/** Ends an exhaustive switch: a case that cannot be is a bug, and a bug ends the process. */
export function never(impossible: never): never {
  throw new Error(`impossible case: ${JSON.stringify(impossible)}`);
}
