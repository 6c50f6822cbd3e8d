/** Something that a check found in a deck, by its path there; the import knows where in the operator's file that is. */
export type Doubt = {
  readonly level: 'error' | 'warning';
  readonly path: readonly PropertyKey[];
  readonly remedy: string;
  /** The other part of the deck that it does not go with. */
  readonly other?: readonly PropertyKey[];
};
