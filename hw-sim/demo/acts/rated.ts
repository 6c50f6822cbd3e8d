import type { Line } from '../../kernel/control-socket.ts';
import type { Facts } from '../facts.ts';
import { news, type Play } from './act.ts';
import { euro } from './beginning.ts';

/** Tunisia, mobile: 0.60 € a minute in the example tariff, never in the bundle. */
export const PAID_NUMBER = '0021620123456';

/** The call ends; site and central rate it, each by itself; then one call that costs money. */
export async function rated(play: Play): Promise<Pick<Facts, 'paidOnline'>> {
  const { stage, screen } = play;
  const bundled = await chargeAfter(play, async () => {
    const ended = news(stage.phone, (line) => line.on === 'ended', 5_000);
    await stage.phone.ask({ do: 'hangup' });
    await ended;
  });
  screen.say(
    `the call ends: the site rates it as ${inMoney(bundled.site)}, the central as ${inMoney(bundled.central)}`,
  );
  let passed = false;
  const paid = await chargeAfter(play, async () => {
    passed = await stage.sipp({ scenario: 'outgoing', number: PAID_NUMBER, address: '192.168.10.11', ms: 2_500 });
  });
  screen.say(`sipp calls a mobile in Tunisia: site ${inMoney(paid.site)}, central ${inMoney(paid.central)}`);
  return { paidOnline: passed && Number(paid.site.ticks) > 0 };
}

async function chargeAfter(
  { stage }: Play,
  act: () => Promise<void>,
): Promise<{ readonly site: Line; readonly central: Line }> {
  const from = [stage.agentLog.all().length, stage.centralLog.all().length] as const;
  await act();
  const site = await stage.agentLog.until('the site rates the call', (line) => line.msg === 'charged', 10_000, from[0]);
  const central = await stage.centralLog.until(
    'the central rates the call',
    (line) => line.msg === 'charge',
    20_000,
    from[1],
  );
  return { site, central };
}

export const inMoney = (charge: Line): string =>
  `${Number(charge.bundleSeconds)} s of the bundle + ${Number(charge.paidSeconds)} s paid = ${euro(Number(charge.ticks))}`;
