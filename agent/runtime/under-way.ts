/** What each has under way, and no more of it than `most`. */
export type UnderWay = {
  /** `begin` is given what ends one. Does nothing, and answers false, where `most` are under way. */
  begin(whose: number, begin: (ends: () => void) => void): boolean;
};

export function createUnderWay(most: number): UnderWay {
  const counts = new Map<number, number>();
  const count = (whose: number): number => counts.get(whose) ?? 0;
  return {
    begin(whose, begin) {
      if (count(whose) >= most) return false;
      counts.set(whose, count(whose) + 1);
      begin(() => counts.set(whose, count(whose) - 1));
      return true;
    },
  };
}
