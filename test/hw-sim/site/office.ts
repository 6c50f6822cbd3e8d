import { millis } from '../../../agent/model/units.ts';
import type { SipDatagram } from '../../../agent/ports/voice-wire.ts';
import type { CallPlan } from '../../../hw-sim/site/call-plan.ts';
import type { LinkRules } from '../../../hw-sim/site/sim-links.ts';
import { createSimSite, type SimLife, type SimPorts, type SimSite, type SiteOrder } from '../../../hw-sim/site/site.ts';

/** 17 March 2026, a Tuesday, 0:00 in Paris. */
const PARIS_MIDNIGHT = millis(1_773_702_000_000);
export const PHONES = ['reception', 'office', 'workshop'] as const;

const link = (name: string, rules: Partial<LinkRules>): LinkRules => ({
  name,
  delay: millis(12),
  jitter: millis(2),
  loss: 0,
  reorder: 0,
  ...rules,
});

/** An office with two links and three phones, one of which writes short header names. */
export function officeSite(seed: string, rules: Partial<LinkRules> = {}, more: Partial<SiteOrder> = {}): SimSite {
  return createSimSite({
    seed,
    wall: PARIS_MIDNIGHT,
    links: [link('main', rules), link('second', { delay: millis(35), ...rules })],
    servers: [{ name: 'sbc', address: '203.0.113.10', port: 5060, recordRoute: true }],
    phones: PHONES.map((name, index) => ({
      name,
      number: `+3319900100${index}`,
      address: `192.168.10.1${index}`,
      port: 5060,
      server: 'sbc',
      compact: index === 1,
    })),
    ...more,
  });
}

export type Passing = {
  /** What the agent sees; true keeps the datagram. */
  readonly see?: (datagram: SipDatagram, ports: SimPorts) => boolean;
};

function forward(datagram: SipDatagram, { voiceWire }: SimPorts): void {
  const { from, phone, server, bytes } = datagram;
  if (from === 'phone') voiceWire.toNetwork(phone, server, bytes);
  else voiceWire.toPhone(phone, server, bytes);
}

/** The least agent there can be: takes the relay and forwards every byte. */
export function passingAgent({ ports }: SimLife, { see }: Passing = {}): void {
  ports.voiceWire.open((datagram) => {
    if (see?.(datagram, ports) !== true) forward(datagram, ports);
  });
  ports.network.install({ voice: 'main', data: 'main' }, () => ports.network.relay(true, () => {}));
}

/** A probe every two seconds on each link, with a patience timer of its own, as the real agent keeps. */
export function probingAgent(life: SimLife): void {
  passingAgent(life);
  const { clock, probes, journal } = life.ports;
  const waiting = new Map<string, () => void>();
  probes.open(({ link, sequence }) => {
    waiting.get(`${link}/${sequence}`)?.();
    waiting.delete(`${link}/${sequence}`);
  });
  const tick = (sequence: number) => {
    for (const name of ['main', 'second']) {
      const key = `${name}/${sequence}`;
      probes.send(name, sequence);
      waiting.set(
        key,
        clock.after(millis(500), () => {
          waiting.delete(key);
          journal.step({ at: clock.mono(), machine: name, event: { on: 'lost', sequence }, state: {}, effects: [] });
        }),
      );
    }
    clock.after(millis(2_000), () => tick(sequence + 1));
  };
  tick(1);
}

export function callPlan(
  id: string,
  change: Partial<Omit<CallPlan, 'destiny'>> & Partial<CallPlan['destiny']> = {},
): CallPlan {
  const { answer = 'answers', ring = millis(5_000), talk = millis(60_000), ...others } = change;
  const { hungUpBy = 'caller', patience = millis(30_000), ...plan } = others;
  return {
    id,
    direction: 'outgoing',
    phone: 'reception',
    far: '0199001234',
    class: 'geographic',
    ...plan,
    destiny: { answer, ring, talk, hungUpBy, patience },
  };
}
