import type { Line } from '../../kernel/control-socket.ts';
import type { Check } from '../verdict.ts';
import type { Play } from './cast.ts';
import type { PeerSite } from './peer-site.ts';
import { callsFrontDesk, callsThroughSecond, frontDesk, phones, streamThroughSecond } from './phone-roles.ts';

/** The main line goes silent: what becomes of a phone that registered through it, over UDP. */
export async function movedLine(site: PeerSite, play: Play): Promise<readonly Check[]> {
  const from = site.agentLog.all().length;
  await site.kernel.lines.main.ask({ do: 'cut' });
  await site.agentLog.until('voice moves to the second link', moves, 15_000, from);
  // An outgoing call needs no registration: it goes through the second link at once.
  const [unreachable] = await Promise.all([
    site.play(callsFrontDesk('lost-call', '', 5_092)),
    play([callsThroughSecond, streamThroughSecond]),
  ]);
  await play(
    phones.slice(0, 1).map((role) => ({ ...role, name: 'register-again', shows: 'F-3: a phone registers anew' })),
  );
  site.answer(frontDesk);
  await play([callsFrontDesk('found-again', 'F-3: after that it is called through the second link', 5_093)]);
  return [
    {
      name: 'F-3: until its phone registers anew, a call from outside finds nobody at the address of the old link',
      holds: unreachable?.includes('408') === true || unreachable?.includes('480') === true,
      found: unreachable ?? 'it was answered',
    },
  ];
}

const moves = (line: Line): boolean =>
  line.machine === 'failover' &&
  Array.isArray(line.do) &&
  line.do.some((word) => String(word).startsWith('move second'));
