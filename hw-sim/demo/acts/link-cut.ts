import type { Line } from '../../kernel/control-socket.ts';
import type { Facts } from '../facts.ts';
import { listen, news, type Play, rest } from './act.ts';

/** The main link goes silent under a running call, and comes back. */
export async function linkCut(
  play: Play,
): Promise<Pick<Facts, 'gapAtCutMs' | 'gapAtReturnMs' | 'callSurvivedCut' | 'cameHome'>> {
  const { stage, screen } = play;
  const lost = news(stage.phone, (line) => line.on === 'ended', 60_000);
  let alive = true;
  void lost.then((line) => {
    if (line) alive = false;
  });
  const from = stage.agentLog.all().length;
  const cutAt = performance.now();
  await stage.site.lines.main.ask({ do: 'cut' });
  screen.say('the main link is cut: it swallows every packet and says nothing');
  await stage.agentLog.until('voice moves to the second link', moves('second'), 15_000, from);
  await rest(play, 4_000);
  const gapAtCutMs = await worstGap(play, cutAt);
  screen.say(
    `voice is on the second link; longest silence in either direction: ${gapAtCutMs.toFixed(0)} ms; the call ${alive ? 'lives on' : 'is LOST'}`,
  );

  const back = stage.agentLog.all().length;
  const healedAt = performance.now();
  await stage.site.lines.main.ask({ do: 'heal' });
  screen.say('the main link is healed; traffic waits for the hold-off …');
  const home = await stage.agentLog.until('traffic comes home', moves('main'), 40_000, back).catch(() => undefined);
  await rest(play, 3_000);
  const gapAtReturnMs = await worstGap(play, healedAt);
  screen.say(
    home
      ? `traffic came home; longest silence on the way: ${gapAtReturnMs.toFixed(0)} ms`
      : 'traffic did NOT come home',
  );
  const callSurvivedCut = alive;
  return { gapAtCutMs, gapAtReturnMs, callSurvivedCut, cameHome: home !== undefined };
}

const moves =
  (to: string) =>
  (line: Line): boolean =>
    line.machine === 'failover' &&
    Array.isArray(line.do) &&
    line.do.some((word) => String(word).startsWith(`move ${to}`));

async function worstGap(play: Play, since: number): Promise<number> {
  const { atPhone, atFarEnd } = await listen(play, performance.now() - since);
  return Math.max(atPhone.worstGapMs, atFarEnd.worstGapMs);
}
