import { setTimeout as pause } from 'node:timers/promises';
import type { Line } from '../../kernel/control-socket.ts';
import type { BothWays } from '../facts.ts';
import { heardIn } from '../facts.ts';
import type { Screen } from '../screen.ts';
import type { Stage } from '../stage.ts';

/** What every act works with. `pace` shortens the pauses of a fast run. */
export type Play = { readonly stage: Stage; readonly screen: Screen; readonly pace: number };

export const rest = ({ pace }: Pick<Play, 'pace'>, ms: number): Promise<void> => pause(ms * pace);

/** What both sides heard in the last `lastMs`. */
export async function listen({ stage }: Pick<Play, 'stage'>, lastMs: number): Promise<BothWays> {
  const [atPhone, atFarEnd] = await Promise.all([
    stage.phone.ask({ do: 'report', lastMs }),
    stage.peer.ask({ do: 'report', lastMs }),
  ]);
  return { atPhone: heardIn(atPhone), atFarEnd: heardIn(atFarEnd) };
}

/** Waits for news of a phone or of the far end; answers undefined when it does not come. */
export function news(
  from: Stage['phone'],
  wanted: (line: Line) => boolean,
  patienceMs: number,
): Promise<Line | undefined> {
  return new Promise((resolve) => {
    const giveUp = setTimeout(() => resolve(undefined), patienceMs);
    from.listen((line) => {
      if (!wanted(line)) return;
      clearTimeout(giveUp);
      resolve(line);
    });
  });
}

/** A call by the phone, up to its answer or its end. */
export async function dial({ stage }: Pick<Play, 'stage'>, number: string): Promise<boolean> {
  const answered = news(stage.phone, (line) => line.on === 'answered' || line.on === 'ended', 15_000);
  await stage.phone.ask({ do: 'call', number });
  return (await answered)?.on === 'answered';
}

/** The far end calls the phone; true when it is answered. */
export async function callPhone({ stage }: Pick<Play, 'stage'>): Promise<boolean> {
  const answered = news(stage.peer, (line) => line.on === 'answered' || line.on === 'ended', 15_000);
  await stage.peer.ask({ do: 'call', number: '+33172890001', from: '+33199000009' });
  return (await answered)?.on === 'answered';
}

/** A call from outside that is up; `lost` says whether it has ended since. */
export async function callThatLasts(play: Play): Promise<{ readonly incoming: boolean; readonly lost: () => boolean }> {
  const incoming = await callPhone(play);
  await rest(play, 2_000);
  let ended = false;
  void news(play.stage.phone, (line) => line.on === 'ended', 30_000).then((line) => {
    ended = line !== undefined;
  });
  return { incoming, lost: () => ended };
}
