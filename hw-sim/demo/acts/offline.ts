import type { Facts } from '../facts.ts';
import { callPhone, dial, news, type Play, rest } from './act.ts';
import { inMoney, PAID_NUMBER } from './rated.ts';

type Seen = Pick<Facts, 'paidOffline' | 'cutByBox' | 'refusedWhenSpent' | 'bundleStillOpen' | 'emergency' | 'incoming'>;

/** The broker is out of reach: the site goes on by itself, with the credit that it was lent and not a second more. */
export async function offline(play: Play): Promise<Seen> {
  const { stage, screen } = play;
  await stage.cutBroker();
  screen.say('the broker is cut off from the site');
  const from = stage.agentLog.all().length;
  const paidOffline = await stage.sipp({
    scenario: 'outgoing',
    number: PAID_NUMBER,
    address: '192.168.10.11',
    ms: 2_500,
  });
  const charge = await stage.agentLog.until('the site rates offline', (line) => line.msg === 'charged', 10_000, from);
  screen.say(`a paid call goes on and is rated offline: ${inMoney(charge)}`);

  const ended = news(stage.phone, (line) => line.on === 'ended', 60_000);
  const answered = await dial(play, PAID_NUMBER);
  screen.say('a longer paid call runs until the leased credit is spent …');
  const end = answered ? await ended : undefined;
  const cutByBox = end?.by === 'them';
  screen.say(
    cutByBox ? 'the box ends it before the second that the credit does not cover' : 'the call was NOT ended by the box',
  );

  const refusedWhenSpent = await stage.sipp({ scenario: 'refused', number: PAID_NUMBER, address: '192.168.10.11' });
  screen.say(`the next paid call is ${refusedWhenSpent ? 'refused with 403 and a warning in French' : 'NOT refused'}`);
  const bundleStillOpen = await stage.sipp({
    scenario: 'outgoing',
    number: '0199000002',
    address: '192.168.10.12',
    ms: 1_500,
  });
  screen.say(`a call inside the bundle ${bundleStillOpen ? 'passes' : 'does NOT pass'}`);
  const emergency = await stage.sipp({ scenario: 'emergency', number: '112', address: '192.168.10.11', ms: 1_500 });
  screen.say(`a call to 112 ${emergency ? 'passes' : 'does NOT pass'}`);
  const incoming = await ringPhone(play, 1_500);
  screen.say(`an incoming call ${incoming ? 'passes' : 'does NOT pass'}`);
  return {
    paidOffline,
    cutByBox,
    refusedWhenSpent,
    bundleStillOpen,
    emergency: { placed: 1, passed: emergency ? 1 : 0 },
    incoming: { placed: 1, passed: incoming ? 1 : 0 },
  };
}

/** The far end calls the phone, talks, and hangs up. */
async function ringPhone(play: Play, ms: number): Promise<boolean> {
  const { stage } = play;
  const answered = await callPhone(play);
  if (!answered) return false;
  await rest(play, ms);
  const ended = news(stage.phone, (line) => line.on === 'ended', 5_000);
  await stage.peer.ask({ do: 'hangup' });
  return (await ended) !== undefined;
}
