import { describe, expect, it } from 'vitest';
import { hours, millis, minutes, seconds } from '../../../agent/model/units.ts';
import { createMessageDesk } from '../../../agent/runtime/message-desk.ts';
import type { DeskNews, DeskState } from '../../../agent/runtime/message-news.ts';
import { readPdu } from '../../../agent/sms/read-pdu.ts';
import { createMessages } from '../../../firmware-ts/devices/message-memory.ts';
import { createModem } from '../../../firmware-ts/devices/modem.ts';
import { createAtModem } from '../../../hw-sim/devices/at-modem.ts';
import { createMemoryCable } from '../../../hw-sim/devices/memory-wires.ts';
import { createSimClock } from '../../../hw-sim/site/sim-clock.ts';
import { letPass } from '../../firmware-ts/let-pass.ts';

/** Bonjour, from +33612345678. */
const INCOMING = '00040B913316325476F800006211228031524007C2B75BFDAECB01';
const reportOf = (reference: number) =>
  `0006${reference.toString(16).padStart(2, '0')}0B913316325476F8621122803152406211228031524000`;

function bench() {
  const clock = createSimClock(millis(1_800_000_000_000));
  const cable = createMemoryCable();
  const sim = createAtModem(cable.end, { family: 'EC25' });
  const kept: { state: DeskState | undefined; news: DeskNews[] } = { state: undefined, news: [] };
  const start = (state?: DeskState) => {
    let announce: () => void = () => undefined;
    const messages = createMessages(createModem(cable.open, clock), () => announce());
    const desk = createMessageDesk({
      messages,
      clock,
      keep: (next, news, done) => {
        kept.state = next;
        kept.news.push(...news);
        done(true);
      },
      ...(state === undefined ? {} : { start: state }),
    });
    announce = desk.look;
    return desk;
  };
  return { clock, cable, sim, kept, start };
}

const to = { is: 'number', digits: '+33612345678' } as const;

describe('S-11: the message desk', () => {
  it('sends a long text part by part, one a second, and tells that it was delivered', async () => {
    const { clock, sim, kept, start } = bench();
    const desk = start();
    desk.send({ id: 'one', to, text: 'é'.repeat(400), wantsReport: true });
    await letPass(clock, millis(900));
    expect(sim.state().sent).toHaveLength(1);
    await letPass(clock, seconds(3));
    const texts = sim.state().sent.map((pdu) => readPdu(pdu));
    expect(texts.map((read) => (read?.is === 'submit' ? read.user.text : '')).join('')).toBe('é'.repeat(400));
    expect(kept.news).toEqual([{ on: 'message-settled', id: 'one', so: 'sent', to: '+33612345678', parts: 3 }]);
    for (const reference of [0, 1, 2]) sim.arrive(reportOf(reference), 'report');
    await letPass(clock, seconds(1));
    expect(kept.news.at(-1)).toEqual({ on: 'message-reported', id: 'one', fate: 'delivered' });
    expect(sim.state().slots[0]?.messages.every((place) => place === undefined)).toBe(true);
    desk.close();
  });

  it('takes in what is announced, and more than the card has room for, and leaves the storage empty', async () => {
    const { clock, sim, kept, start } = bench();
    const desk = start();
    await letPass(clock, seconds(1));
    for (let n = 0; n < 25; n += 1) sim.arrive(INCOMING.replace('803152', `8031${n % 10}${Math.floor(n / 10)}`));
    await letPass(clock, seconds(30));
    expect(kept.news.filter((news) => news.on === 'message-received')).toHaveLength(25);
    expect(kept.news[0]).toMatchObject({ message: { text: 'Bonjour', from: { digits: '+33612345678' } } });
    expect(sim.state().kept).toEqual([]);
    expect(sim.state().slots[0]?.messages.every((place) => place === undefined)).toBe(true);
    desk.close();
  });

  it('reads within the hour what nobody announced', async () => {
    const { clock, sim, kept, start } = bench();
    const desk = start();
    await letPass(clock, seconds(1));
    sim.set({ announce: [0, 0] });
    sim.arrive(INCOMING);
    await letPass(clock, minutes(61));
    expect(kept.news).toMatchObject([{ on: 'message-received' }]);
    desk.close();
  });

  it('does not send again what was under way at a power cut, nor tells twice what it had told', async () => {
    const { clock, sim, kept, start } = bench();
    const desk = start();
    await letPass(clock, seconds(1));
    sim.arrive(INCOMING);
    await letPass(clock, seconds(1));
    sim.teach((line, truth) => (line.startsWith('\x1a') && truth() !== '' ? [] : undefined));
    desk.send({ id: 'cut', to, text: 'a', wantsReport: false });
    await letPass(clock, seconds(1));
    expect(sim.state().sent).toHaveLength(1);
    desk.close();
    const again = start(kept.state);
    sim.arrive(INCOMING);
    await letPass(clock, hours(2));
    expect(sim.state().sent).toHaveLength(1);
    expect(kept.news).toMatchObject([{ on: 'message-received' }, { on: 'message-settled', id: 'cut', so: 'unknown' }]);
    again.close();
  });

  it('waits for a modem that is away, and refuses at once what cannot be sent', async () => {
    const { clock, cable, sim, kept, start } = bench();
    cable.unplug();
    const desk = start();
    expect(() => desk.send({ id: 'empty', to, text: '', wantsReport: false })).toThrow(/^text:/);
    desk.send({ id: 'late', to, text: 'a', wantsReport: false });
    await letPass(clock, minutes(5));
    expect(kept.news).toEqual([]);
    cable.plug();
    await letPass(clock, minutes(1));
    expect(sim.state().sent).toHaveLength(1);
    expect(kept.news).toMatchObject([{ on: 'message-settled', id: 'late', so: 'sent', parts: 1 }]);
    desk.close();
  });
});
