import type { Facts } from '../facts.ts';
import { callThatLasts, listen, type Play, rest } from './act.ts';

type Seen = Pick<Facts, 'hangNoticedMs' | 'gapInHangMs' | 'callSurvivedHang' | 'meteredAfterHang'> & {
  readonly incoming: boolean;
  readonly emergency: boolean;
};

/** SIGSTOP in the middle of a call: the process lives and does nothing, and SIP must not wait for it (V-1). */
export async function hung(play: Play): Promise<Seen> {
  const { stage, screen } = play;
  const { incoming, lost } = await callThatLasts(play);
  const pid = stage.agentPid();
  const from = stage.agentLog.all().length;
  const hungAt = performance.now();
  process.kill(pid, 'SIGSTOP');
  screen.say('SIGSTOP to the agent, with a call up');
  await stage.agentLog.until('the supervisor notices', (line) => line.supervisor !== undefined, 10_000, from);
  const hangNoticedMs = performance.now() - hungAt;
  const emergency = await stage.sipp({ scenario: 'emergency', number: '112', address: '192.168.10.12', ms: 1_000 });
  screen.say(
    `SIP goes straight after ${hangNoticedMs.toFixed(0)} ms; a call to 112 ${emergency ? 'passes' : 'does NOT pass'}`,
  );
  process.kill(pid, 'SIGCONT');
  await stage.agentLog.until('the agent takes SIP back', wentStraight, 10_000, from);
  await rest(play, 1_000);
  const called = stage.agentLog.all().length;
  await stage.sipp({ scenario: 'outgoing', number: '0199000002', address: '192.168.10.12', ms: 1_000 });
  const metered = await stage.agentLog
    .until('a call is metered again', (line) => line.msg === 'charged', 10_000, called)
    .then(() => stage.agentPid() === pid)
    .catch(() => false);
  const { atPhone, atFarEnd } = await listen(play, performance.now() - hungAt);
  const gapInHangMs = Math.max(atPhone.worstGapMs, atFarEnd.worstGapMs);
  const callSurvivedHang = incoming && !lost();
  screen.say(
    `SIGCONT: calls are ${metered ? 'metered again' : 'NOT metered'}; longest silence ${gapInHangMs.toFixed(0)} ms`,
  );
  await stage.phone.ask({ do: 'hangup' });
  return { hangNoticedMs, gapInHangMs, callSurvivedHang, meteredAfterHang: metered, incoming, emergency };
}

const wentStraight = (line: Readonly<Record<string, unknown>>): boolean =>
  String(line.msg).startsWith('SIP went straight while the agent hung');
