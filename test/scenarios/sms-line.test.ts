import { describe, expect, it } from 'vitest';
import type { LedgerEvent } from '../../agent/model/record.ts';
import { RecordSchema } from '../../agent/model/record.ts';
import { useOfRecord } from '../../agent/rating/book/use-of-record.ts';
import { readPdu } from '../../agent/sms/read-pdu.ts';
import { prepareEuicc } from '../../hw-sim/bench/sim-cuts/prepared-euicc.ts';
import { CONFIG, LINE, openMobileSite } from './mobile-site.ts';

const prepared = prepareEuicc();
/** Bonjour, from +33612345678. */
const INCOMING = '00040B913316325476F800006211228031524007C2B75BFDAECB01';
const reportOf = (reference: number) =>
  `0006${reference.toString(16).padStart(2, '0')}0B913316325476F8621122803152406211228031524000`;
const ORDER = { id: 'm1', to: '+33612345678', text: 'Rappel : rendez-vous demain', wantsReport: true, by: 'M. Durand' };

type Mobile = ReturnType<typeof openMobileSite>;
const counted = (events: readonly LedgerEvent[]) =>
  events.flatMap((event) => (event.kind === 'sms-counted' ? [event] : []));
const usesAt = ({ whole }: Mobile) =>
  whole.central
    .rows('record')
    .flatMap(({ body }) => useOfRecord(RecordSchema.parse(JSON.parse(body)), CONFIG.numbering) ?? [])
    .filter(({ kind }) => kind === 'sms');
const textsSent = ({ modem }: Mobile): string =>
  modem
    .state()
    .sent.map((pdu) => readPdu(pdu))
    .map((read) => (read?.is === 'submit' ? read.user.text : ''))
    .join('');

describe('S-11, U-1: short messages of the mobile line, from the order to the use that is rated', () => {
  it('sends what the central orders, once, counts its parts and tells what became of it', async () => {
    const site = openMobileSite({ seed: 'sent', prepared });
    await site.pass(1);
    const text = 'é'.repeat(200);
    site.smsOrder({ ...ORDER, text });
    await site.pass(1);
    site.sayAgain();
    for (const reference of [0, 1]) site.modem.arrive(reportOf(reference), 'report');
    await site.pass(1);
    expect(textsSent(site)).toBe(text);
    expect(site.stories()).toMatchObject([{ order: 'm1', is: 'sms', so: 'sent', fate: 'delivered' }]);
    expect(usesAt(site)).toMatchObject([
      { kind: 'sms', line: LINE, direction: 'outgoing', party: ORDER.to, segments: 2, sent: true },
    ]);
    expect(JSON.stringify(site.events())).not.toContain('éé');
  });

  it('keeps ten a minute and one a second, over a restart too, and sends nothing twice', async () => {
    const site = openMobileSite({ seed: 'pace', prepared });
    await site.pass(1);
    for (let n = 0; n < 14; n += 1) site.smsOrder({ ...ORDER, id: `m${n}`, text: `n${n};` });
    await site.pass(0.5);
    expect(site.modem.state().sent).toHaveLength(10);
    site.whole.site.kill();
    site.whole.start();
    await site.pass(0.4);
    expect(site.modem.state().sent.length).toBeLessThanOrEqual(11);
    await site.pass(3);
    expect(textsSent(site)).toBe(Array.from({ length: 14 }, (_, n) => `n${n};`).join(''));
    // What was under way at the kill may be written down twice, as the same message.
    expect(new Set(counted(site.events()).map(({ message }) => message)).size).toBe(14);
  });

  it('takes in what arrives, keeps the card clear, and records it without its text; free where it came in', async () => {
    const site = openMobileSite({ seed: 'came', prepared });
    await site.pass(1);
    for (let n = 0; n < 25; n += 1) site.modem.arrive(INCOMING.replace('803152', `8031${n % 10}${Math.floor(n / 10)}`));
    await site.pass(1);
    expect(site.modem.state().slots[0]?.messages.every((place) => place === undefined)).toBe(true);
    expect(counted(site.events())).toHaveLength(25);
    expect(usesAt(site)[0]).toMatchObject({ direction: 'incoming', party: '+33612345678', segments: 1, line: LINE });
    expect(new Set(usesAt(site).map(({ id }) => id)).size).toBe(25);
    expect(JSON.stringify(site.events())).not.toContain('Bonjour');
  });

  it('loses nothing to a power cut between the card and the record, and records it once', async () => {
    for (const after of [1, 3, 5, 8, 12, 20, 40]) {
      const site = openMobileSite({ seed: `cut ${after}`, prepared });
      await site.pass(1);
      site.modem.arrive(INCOMING);
      await site.pass(after / 6_000);
      site.whole.site.powerCut();
      site.whole.start();
      await site.pass(2);
      expect(new Set(counted(site.events()).map(({ message }) => message)).size).toBe(1);
    }
  });

  it('shares the channel with a swap: a message waits for the card, and goes out over the new one', async () => {
    const site = openMobileSite({ seed: 'shared', prepared });
    await site.pass(1);
    site.simOrder({ id: 'o1', target: { by: 'profile', iccid: '8933100000000000025' }, reason: 'support', by: 'desk' });
    for (let n = 0; n < 3; n += 1) site.smsOrder({ ...ORDER, id: `m${n}` });
    await site.pass(4);
    expect(site.stories().map(({ order, so }) => [order, so])).toEqual([
      ['o1', 'swapped'],
      ['m0', 'sent'],
      ['m1', 'sent'],
      ['m2', 'sent'],
    ]);
  });
});
