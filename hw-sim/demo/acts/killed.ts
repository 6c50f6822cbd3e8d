import type { Facts } from '../facts.ts';
import { callThatLasts, listen, type Play, rest } from './act.ts';
import { PAID_NUMBER } from './rated.ts';

type Seen = Pick<Facts, 'restartMs' | 'gapAtRestartMs' | 'callSurvivedKill' | 'paidAfterwards'> & {
  readonly incoming: boolean;
  readonly emergency: boolean;
};

/** SIGKILL in the middle of a call, offline; the supervisor brings the agent back; then the broker returns. */
export async function killed(play: Play): Promise<Seen> {
  const { stage, screen } = play;
  const { incoming, lost } = await callThatLasts(play);
  const from = stage.agentLog.all().length;
  const killedAt = performance.now();
  process.kill(stage.agentPid(), 'SIGKILL');
  screen.say('SIGKILL to the agent, with a call up and the broker away');
  const emergency = await stage.sipp({ scenario: 'emergency', number: '112', address: '192.168.10.12', ms: 1_000 });
  screen.say(`a call to 112 at that very moment ${emergency ? 'passes' : 'does NOT pass'}`);
  await stage.agentLog.until('the agent is back', (line) => line.msg === 'agent started', 20_000, from);
  const restartMs = performance.now() - killedAt;
  await rest(play, 3_000);
  const { atPhone, atFarEnd } = await listen(play, performance.now() - killedAt);
  const gapAtRestartMs = Math.max(atPhone.worstGapMs, atFarEnd.worstGapMs);
  const callSurvivedKill = incoming && !lost();
  screen.say(
    `the agent is back; the call ${callSurvivedKill ? 'never noticed' : 'is LOST'}: longest silence ${atPhone.worstGapMs.toFixed(0)} ms at the phone, ${atFarEnd.worstGapMs.toFixed(0)} ms at the far end`,
  );
  await stage.phone.ask({ do: 'hangup' });
  const ends = (line: Readonly<Record<string, unknown>>): boolean =>
    line.machine === 'call' && Array.isArray(line.do) && line.do.some((word) => String(word).includes('call-ended'));
  await stage.agentLog.until('the call of before the kill is recorded', ends, 10_000, from);
  screen.say('the call that was up is metered to its end, its record says what was not seen');

  const granted = stage.centralLog.all().length;
  await stage.healBroker();
  screen.say('the broker returns');
  await stage.centralLog.until(
    'the site asks for credit again',
    (line) => line.msg === 'lease granted',
    60_000,
    granted,
  );
  const paidAfterwards = await stage.sipp({
    scenario: 'outgoing',
    number: PAID_NUMBER,
    address: '192.168.10.11',
    ms: 1_500,
  });
  screen.say(`with a new lease a paid call ${paidAfterwards ? 'passes again' : 'does NOT pass'}`);
  return { restartMs, gapAtRestartMs, callSurvivedKill, paidAfterwards, incoming, emergency };
}
