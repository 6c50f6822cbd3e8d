import { stepsAhead } from './udptl.ts';

/** Which of the last sequence numbers of a stream came by themselves; oldest first, the last is the newest heard. */
export type LossSeen = { readonly newest: number | undefined; readonly heard: readonly boolean[] };

/** Loss on a path as its datagrams tell. `lost` of the `judged` datagrams did not come; `longestRun` of them in a row. */
export type Loss = { readonly judged: number; readonly lost: number; readonly longestRun: number };

export const NO_LOSS_SEEN: LossSeen = { newest: undefined, heard: [] };

const REMEMBERED = 128;
/** So many of the newest are not judged yet: their datagrams may be under way behind others. */
const SLACK = 4;

/** Notes that the datagram `sequence` was heard; repeats change nothing, and after a jump it begins again. */
export function noteHeard(seen: LossSeen, sequence: number): LossSeen {
  const ahead = seen.newest === undefined ? 0 : stepsAhead(seen.newest, sequence);
  if (seen.newest === undefined || Math.abs(ahead) > REMEMBERED) return { newest: sequence, heard: [true] };
  if (ahead > 0) {
    const missed: readonly boolean[] = Array.from({ length: ahead - 1 }, () => false);
    return { newest: sequence, heard: [...seen.heard, ...missed, true].slice(-REMEMBERED) };
  }
  const at = seen.heard.length - 1 + ahead;
  return seen.heard[at] === false ? { ...seen, heard: seen.heard.with(at, true) } : seen;
}

/** What the stream tells of the path so far. */
export function lossOf(seen: LossSeen): Loss {
  const judged = seen.heard.slice(0, -SLACK);
  let longestRun = 0;
  let run = 0;
  let lost = 0;
  for (const heard of judged) {
    run = heard ? 0 : run + 1;
    if (!heard) lost += 1;
    longestRun = Math.max(longestRun, run);
  }
  return { judged: judged.length, lost, longestRun };
}
