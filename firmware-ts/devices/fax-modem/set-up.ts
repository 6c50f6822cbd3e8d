/** What is said to a modem at its start. Answers of `keep` lines are kept; a refusal of an `optional` one is no harm. */
type SetUpStep = { readonly words: string; readonly keep?: 'identity' | 'speeds'; readonly optional: boolean };

/** V.250 for echo, words and flow control, T.31 for the rest. The dialect's own lines come behind. */
export const SET_UP: readonly SetUpStep[] = [
  { words: 'ATE0V1Q0', optional: false },
  { words: 'ATI', keep: 'identity', optional: true },
  { words: 'AT+IFC=1,1', optional: true },
  { words: 'AT+FCLASS=1', optional: false },
  { words: 'AT+FTM=?', keep: 'speeds', optional: true },
];
