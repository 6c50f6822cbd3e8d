import { TICKS_PER_MICRO_EURO } from '../../../agent/model/units.ts';
import type { Play } from './act.ts';

/** The agent starts, puts its data plane in place, probes both links, and is known to the central. */
export async function beginning({ stage, screen }: Play): Promise<void> {
  await stage.agentLog.until('the agent starts', (line) => line.msg === 'agent started', 20_000);
  screen.say('agent started under its supervisor from a signed site configuration');
  await stage.centralLog.until('the device greets the central', (line) => line.msg === 'device greeted', 20_000);
  screen.say('registered with the central over MQTT 5');
  await stage.centralLog.until('a lease is granted', (line) => line.msg === 'lease granted', 20_000);
  const lease = stage.centralLog.all().find((line) => line.msg === 'lease granted');
  screen.say(
    `the central lends ${euro(Number(lease?.ticks))} and ${Number(lease?.bundleSeconds)} s of the bundle, so that the site can rate offline`,
  );
  const status = await stage.phone.ask({ do: 'register' });
  if (status.status !== 200) throw new Error(`the phone could not register: ${JSON.stringify(status)}`);
  screen.say('the phone registers with the operator, through the SIP relay of the box');
  const seen = await stage.centralLog.until('the box tells what it sees', (line) => line.msg === 'telemetry', 20_000);
  screen.say(
    `support sees: links ${String(seen.links)}; modem ${String(seen.modem)}; power ${String(seen.power)}; ${String(seen.devices)} device(s) on the LAN`,
  );
}

const TICKS_PER_EURO = TICKS_PER_MICRO_EURO * 1_000_000;
export const euro = (ticks: number): string => `${(ticks / TICKS_PER_EURO).toFixed(6)} €`;
