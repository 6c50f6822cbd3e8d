/** Ends an exhaustive switch, as the model's own `never` does; the rating core imports nothing but types. */
export function never(impossible: never): never {
  throw new Error(`impossible case: ${JSON.stringify(impossible)}`);
}
