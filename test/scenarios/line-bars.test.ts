import { describe, expect, it } from 'vitest';
import type { LineOrder } from '../../agent/model/mobile-line.ts';
import type { LedgerEvent } from '../../agent/model/record.ts';
import { minutes, seconds } from '../../agent/model/units.ts';
import { type Mail, readSmsBook, shownMail } from '../../agent/runtime/sms-book.ts';
import { prepareEuicc } from '../../hw-sim/bench/sim-cuts/prepared-euicc.ts';
import type { CallPlan } from '../../hw-sim/site/call-plan.ts';
import { CONFIG, LINE, openMobileSite } from './mobile-site.ts';

const prepared = prepareEuicc();
/** Bonjour, from +33612345678. */
const INCOMING = '00040B913316325476F800006211228031524007C2B75BFDAECB01';
const BY = { by: 'M. Durand', line: LINE } as const;
const order = (id: string, what: 'suspend' | 'reactivate' | 'bar-outgoing'): LineOrder => ({ ...BY, id, do: what });
const message = (id: string, to = '+33612345678') => ({ id, to, text: id, wantsReport: false, by: 'M. Durand' });

type Mobile = ReturnType<typeof openMobileSite>;
const counted = (events: readonly LedgerEvent[]) =>
  events.flatMap((event) => (event.kind === 'sms-counted' ? [event] : []));
const shown = ({ whole }: Mobile): readonly Mail[] => {
  const content = whole.site.mobile?.smsBook();
  return content === undefined ? [] : shownMail(readSmsBook(content));
};
const messages = ({ boxEvents }: Mobile) =>
  counted(boxEvents()).map(({ message: id, outcome, why }) => [id, outcome, why]);

describe('S-3: messages of a line that is suspended', { timeout: 60_000 }, () => {
  it('none goes out, those that waited fail, what comes is held back; emergencies pass, and all of it is recorded', async () => {
    const site = openMobileSite({ seed: 'barred', prepared });
    await site.pass(1);
    for (let n = 0; n < 11; n += 1) site.smsOrder(message(`m${n}`));
    await site.pass(0.4);
    expect(site.modem.state().sent).toHaveLength(10);
    site.lineOrder(order('unpaid', 'suspend'));
    await site.pass(0.2);
    site.smsOrder(message('late'));
    site.smsOrder(message('help', '114'));
    site.modem.arrive(INCOMING);
    await site.pass(3);
    const why = 'S-3 suspended';
    expect(messages(site).slice(10)).toEqual(
      expect.arrayContaining([
        ['m10', 'failed', why],
        ['late', 'failed', why],
        ['help', 'sent', undefined],
        [expect.stringMatching(/^in-/), 'received', `held: ${why}`],
      ]),
    );
    expect(site.modem.state().sent).toHaveLength(11);
    expect(site.stories().find(({ order: id }) => id === 'late')).toMatchObject({ so: 'failed', why });
    // The card is kept clear all the same (S-11), and nothing of it is lost over a restart.
    expect(site.modem.state().slots[0]?.messages.every((place) => place === undefined)).toBe(true);
    expect(shown(site)).toEqual([]);
    site.whole.site.powerCut();
    site.whole.start();
    await site.pass(1);
    expect(shown(site)).toEqual([]);
    site.lineOrder(order('paid', 'reactivate'));
    await site.pass(1);
    expect(shown(site)).toMatchObject([{ text: 'Bonjour', from: '+33612345678' }]);
    site.smsOrder(message('after'));
    await site.pass(1);
    expect(messages(site).at(-1)).toEqual(['after', 'sent', undefined]);
  });

  it('a line with outgoing calls barred sends none and takes what comes', async () => {
    const site = openMobileSite({ seed: 'outgoing', prepared });
    await site.pass(1);
    site.lineOrder(order('bar', 'bar-outgoing'));
    await site.pass(0.5);
    site.smsOrder(message('late'));
    site.modem.arrive(INCOMING);
    await site.pass(1);
    expect(messages(site)).toEqual(
      expect.arrayContaining([
        ['late', 'failed', 'S-3 outgoing-barred'],
        [expect.stringMatching(/^in-/), 'received', undefined],
      ]),
    );
    expect(shown(site)).toMatchObject([{ text: 'Bonjour' }]);
  });
});

describe('S-3, V-1: calls over the link of a mobile line', { timeout: 60_000 }, () => {
  const calls = {
    out: { direction: 'outgoing', far: '0145678901', class: 'geographic' },
    in: { direction: 'incoming', far: '+33145000001', class: 'geographic' },
    help: { direction: 'outgoing', far: '112', class: 'emergency' },
  } as const;
  async function call(site: Mobile, id: string, what: Pick<CallPlan, 'direction' | 'far' | 'class'>): Promise<string> {
    const { voice } = site.whole.site;
    const destiny = {
      answer: 'answers',
      ring: seconds(1),
      talk: seconds(4),
      hungUpBy: 'called',
      patience: seconds(9),
    } as const;
    voice.place({ id, phone: 'front', destiny, ...what });
    await site.pass(0.3);
    const truth = voice.truth().find(({ plan }) => plan.id === id);
    return truth?.connectedAt === undefined ? `refused ${truth?.refusedWith ?? 'by silence'}` : 'talked';
  }
  const all = async (site: Mobile, name: string) => ({
    out: await call(site, `${name}-out`, calls.out),
    in: await call(site, `${name}-in`, calls.in),
    help: await call(site, `${name}-help`, calls.help),
  });

  it('suspended: none but emergencies while voice goes by it, any as soon as it goes another way, and after reactivation', async () => {
    const site = openMobileSite({ seed: 'voice', prepared });
    const { links } = site.whole.site;
    await site.pass(1);
    links.cut('main');
    await site.pass(1);
    expect(await all(site, 'before')).toEqual({ out: 'talked', in: 'talked', help: 'talked' });
    site.lineOrder(order('unpaid', 'suspend'));
    await site.pass(0.5);
    expect(await all(site, 'suspended')).toEqual({
      out: 'refused 403',
      in: expect.stringContaining('refused'),
      help: 'talked',
    });
    const causes = site.boxEvents().flatMap((event) => (event.kind === 'call-ended' ? [event.cause] : []));
    expect(causes.filter((cause) => cause === 'refused-suspension')).toHaveLength(2);
    site.lineOrder(order('paid', 'reactivate'));
    await site.pass(0.5);
    expect(await all(site, 'after')).toEqual({ out: 'talked', in: 'talked', help: 'talked' });
    site.lineOrder(order('unpaid-again', 'suspend'));
    links.mend('main');
    await site.pass(minutes(3) / 60_000);
    expect(await all(site, 'elsewhere')).toEqual({ out: 'talked', in: 'talked', help: 'talked' });
  });

  it('outgoing barred: who calls in comes through', async () => {
    const site = openMobileSite({ seed: 'voice barred', prepared, config: CONFIG });
    await site.pass(1);
    site.whole.site.links.cut('main');
    await site.pass(1);
    site.lineOrder(order('bar', 'bar-outgoing'));
    await site.pass(0.5);
    expect(await all(site, 'barred')).toEqual({ out: 'refused 403', in: 'talked', help: 'talked' });
  });
});
