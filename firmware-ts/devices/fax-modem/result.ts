/** How a Class 1 modem ends a command, or what it says unasked (T.31 table 1, V.250 5.7.1). */
export type FaxResult =
  | 'connect'
  | 'ok'
  | 'error'
  | 'no-carrier'
  | 'fcerror'
  | 'busy'
  | 'no-answer'
  | 'no-dialtone'
  | 'ring'
  /** V.21 was heard where a page was waited for (+FAR=1); CONNECT follows. */
  | 'frames-instead';

/** Undefined for every other line: an echo, or the answer to a question. */
export function faxResultOf(line: string): FaxResult | undefined {
  if (line.startsWith('CONNECT')) return 'connect';
  return RESULTS.get(line);
}

const RESULTS: ReadonlyMap<string, FaxResult> = new Map([
  ['OK', 'ok'],
  ['ERROR', 'error'],
  ['NO CARRIER', 'no-carrier'],
  ['+FCERROR', 'fcerror'],
  // As some chips shorten it.
  ['+FCERR', 'fcerror'],
  ['+F4', 'fcerror'],
  ['BUSY', 'busy'],
  ['NO ANSWER', 'no-answer'],
  ['NO DIALTONE', 'no-dialtone'],
  ['NO DIAL TONE', 'no-dialtone'],
  ['RING', 'ring'],
  ['+FRH:3', 'frames-instead'],
  ['+FRH: 3', 'frames-instead'],
]);
