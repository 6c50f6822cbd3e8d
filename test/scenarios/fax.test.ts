import { describe, expect, it } from 'vitest';
import type { FaxEnded } from '../../agent/model/fax-events.ts';
import type { CallEnded, LedgerEvent, LedgerRecord } from '../../agent/model/record.ts';
import { millis, seconds } from '../../agent/model/units.ts';
import { useOfRecord } from '../../agent/rating/book/use-of-record.ts';
import { faxLinesOf } from '../../agent/rating/credit/contract.ts';
import { createReceivingMachine } from '../../hw-sim/fax/receiving-machine.ts';
import { createSimRandom } from '../../hw-sim/site/sim-random.ts';
import { FAX_LINE, farSender, faxEvents, faxSite, faxStory, lent, PARIS, TICKS_A_PAGE } from './fax-site.ts';

const CALLER = '+33142000002';
const ended = (story: ReturnType<typeof faxStory>) => faxEvents(story.world).filter((one) => one.kind === 'fax-ended');
const pagesTold = (story: ReturnType<typeof faxStory>): number =>
  faxEvents(story.world).filter((one) => one.kind === 'fax-page').length;

describe('X-1: a fax machine behind the modem of the box', () => {
  it.each([1, 3])('X-1, X-5, U-1: sends %i pages; each is charged once, at the price of its country', (pages) => {
    const story = faxStory();
    const machine = story.send(pages);
    story.world.clock.advance(seconds(240));
    expect(machine.result()).toBe('sent');
    expect(story.far()?.machine()?.received()).toHaveLength(pages);
    expect(faxEvents(story.world).map(({ kind }) => kind)).toEqual([
      'fax-begun',
      ...Array.from({ length: pages }, () => 'fax-page'),
      'fax-ended',
    ]);
    expect(ended(story)[0]).toMatchObject({
      ...{ direction: 'sent', line: FAX_LINE, party: PARIS, class: 'geographic', pages, outcome: 'all-confirmed' },
      ...{ rate: 14_400, ecm: true, begun: true, complete: true, sipCallId: 'fax-1@sim' },
    });
    const { charges, charged, faxes } = story.world.ledger().account();
    expect(charges).toEqual({ count: 1, ticks: pages * TICKS_A_PAGE, bundleSeconds: 0 });
    expect([charged.ticks, faxes]).toEqual([pages * TICKS_A_PAGE, []]);
    expect(story.world.handset.heard()).toEqual(['dial', 'ringing']);
    expect(story.world.desk().state()).toBe('on-hook');
  });

  it.each([1, 3])('X-1, U-1: takes %i pages from a caller, for nothing', (pages) => {
    const { world } = faxStory();
    const machine = world.connect((say) => createReceivingMachine({ clock: world.clock, say, ecm: true }));
    const far = farSender(world.clock, pages);
    world.network.call(FAX_LINE, CALLER, far);
    world.clock.advance(seconds(240));
    expect(machine.received()).toHaveLength(pages);
    expect(far.machine()?.result()).toBe('sent');
    const event = faxEvents(world).at(-1);
    expect(event).toMatchObject({ kind: 'fax-ended', direction: 'received', party: CALLER, pages });
    expect(event).toMatchObject({ outcome: 'all-confirmed', rate: 14_400 });
    expect(world.ledger().account().charges).toEqual({ count: 0, ticks: 0, bundleSeconds: 0 });
  });

  it('X-5, R-10: the record of the fax is the use that the central rates, and the call that carried it is none', () => {
    const config = faxSite();
    const frame: Omit<LedgerRecord, 'event'> = {
      ...{ v: 1, device: 'relais-0001', epoch: '0'.repeat(16), seq: 7, prev: '0'.repeat(64), salt: '0'.repeat(32) },
      clock: { wall: 9, mono: 9, boot: 'boot', quality: 'synced' },
    };
    const fax: FaxEnded = {
      ...{ kind: 'fax-ended', fax: 'one', direction: 'sent', line: FAX_LINE, party: PARIS, class: 'geographic' },
      ...{ begun: true, startedAt: 5, answeredAt: 6, endedAt: 9, seconds: 1, pages: 3, rate: 14_400, ecm: true },
      ...{ mended: { ppr: 0, rtn: 0 }, sipCallId: 'x', outcome: 'hung-up', complete: true },
    };
    const call: CallEnded = {
      ...{ kind: 'call-ended', call: 'two', direction: 'outgoing', caller: FAX_LINE, called: PARIS, links: ['main'] },
      ...{ class: 'geographic', startedAt: 5, answeredAt: 6, endedAt: 9, seconds: 1, cause: 'caller-hung-up' },
      ...{ sipStatus: 200, codec: null, complete: true },
    };
    const use = (event: LedgerEvent) => useOfRecord({ ...frame, event }, config.numbering, faxLinesOf(config));
    expect(use(fax)).toMatchObject({ kind: 'fax', direction: 'outgoing', party: PARIS, pages: 3, at: 5 });
    expect(use({ ...fax, begun: false })).toBeUndefined();
    expect(use(call)).toBeUndefined();
    expect(use({ ...call, caller: '+33172890001' })).toMatchObject({ kind: 'call' });
  });
});

describe('X-1, X-5, U-1: a modem that is unplugged', () => {
  const silent = { kind: 'fax-ended', outcome: 'machine-silent', complete: true };

  it('in the middle of a fax: it ends with the pages that were confirmed, and the next one goes without a restart', () => {
    const story = faxStory();
    const { world } = story;
    story.send(3);
    world.clock.advance(seconds(60));
    const pages = pagesTold(story);
    world.unplug();
    world.clock.advance(seconds(5));
    expect(pages).toBeGreaterThan(0);
    expect(ended(story)).toEqual([expect.objectContaining({ ...silent, direction: 'sent', pages })]);
    expect(world.ledger().account().charges.ticks).toBe(pages * TICKS_A_PAGE);
    expect(world.desk().state()).toBe('out-of-service');
    expect(story.far()?.isOver()).toBe(true);
    world.clock.advance(seconds(120));
    world.plug();
    world.clock.advance(seconds(40));
    expect(world.desk().state()).toBe('on-hook');
    const machine = story.send(1);
    world.clock.advance(seconds(120));
    expect(machine.result()).toBe('sent');
    expect(ended(story).at(-1)).toMatchObject({ outcome: 'all-confirmed', pages: 1 });
    expect(world.faults.filter((fault) => fault.includes('is gone'))).toHaveLength(1);
  });

  it('while a caller is at the machine: the fax is recorded, and callers hear 480 until the modem is there again', () => {
    const { world } = faxStory();
    world.connect((say) => createReceivingMachine({ clock: world.clock, say, ecm: true }));
    const far = farSender(world.clock, 2);
    world.network.call(FAX_LINE, CALLER, far);
    world.clock.advance(seconds(40));
    world.unplug();
    world.clock.advance(seconds(5));
    expect(faxEvents(world).at(-1)).toMatchObject({ ...silent, direction: 'received', pages: 1 });
    expect(far.isOver()).toBe(true);
    const refused = farSender(world.clock, 1);
    world.network.call(FAX_LINE, CALLER, refused);
    world.clock.advance(seconds(5));
    expect(refused.isOver()).toBe(true);
    expect(faxEvents(world).filter(({ kind }) => kind === 'fax-begun')).toHaveLength(1);
    world.plug();
    world.clock.advance(seconds(40));
    const machine = world.connect((say) => createReceivingMachine({ clock: world.clock, say, ecm: true }));
    world.network.call(FAX_LINE, CALLER, farSender(world.clock, 1));
    world.clock.advance(seconds(120));
    expect(machine.received()).toHaveLength(1);
  });

  it('after the last page was confirmed: it is a fax that arrived', () => {
    const story = faxStory();
    story.send(1);
    while (pagesTold(story) === 0) story.world.clock.advance(millis(10));
    story.world.unplug();
    story.world.clock.advance(seconds(5));
    expect(ended(story)).toEqual([expect.objectContaining({ outcome: 'all-confirmed', pages: 1 })]);
  });

  it('between two faxes, and for a whole day: it is told once, and taken up again', () => {
    const story = faxStory();
    story.world.unplug();
    story.world.clock.advance(seconds(86_400));
    expect(story.world.faults.filter((fault) => fault.includes('is gone'))).toHaveLength(1);
    story.world.plug();
    story.world.clock.advance(seconds(40));
    const machine = story.send(1);
    story.world.clock.advance(seconds(120));
    expect(machine.result()).toBe('sent');
  });
});

describe('X-3, X-4, C-1: a fax that may not go out hears busy before it is dialed', () => {
  it('M6: without credit for one page', () => {
    const story = faxStory({ given: lent(TICKS_A_PAGE - 1) });
    story.send(1);
    story.world.clock.advance(seconds(30));
    expect(story.world.network.attempts).toEqual([]);
    expect(story.world.handset.heard().slice(-3)).toEqual(['busy', 'busy', 'busy']);
    expect(ended(story)).toMatchObject([{ begun: false, outcome: 'cap-reached', pages: 0, sipCallId: null }]);
    expect(story.world.ledger().account().limited).toBe(true);
    expect(story.world.desk().state()).toBe('on-hook');
  });

  it('M6, X-5: with credit for two pages the third does not go out, and two are charged', () => {
    const story = faxStory({ given: lent(2 * TICKS_A_PAGE + 5) });
    const machine = story.send(3);
    story.world.clock.advance(seconds(240));
    expect(machine.confirmed()).toBe(2);
    expect(story.far()?.isOver()).toBe(true);
    expect(ended(story)).toMatchObject([{ outcome: 'cap-reached', pages: 2 }]);
    expect(story.world.ledger().account().charges).toEqual({ count: 1, ticks: 2 * TICKS_A_PAGE, bundleSeconds: 0 });
  });

  it('M6: with credit for just its pages a fax is not cut behind its last one', () => {
    const story = faxStory({ given: lent(TICKS_A_PAGE) });
    const machine = story.send(1);
    story.world.clock.advance(seconds(120));
    expect(machine.result()).toBe('sent');
    expect(ended(story)).toMatchObject([{ outcome: 'all-confirmed', pages: 1 }]);
  });

  it.each(['cmi', 'imesit'] as const)('X-3: one a minute at %s, and the next one after it', (name) => {
    const story = faxStory({ config: faxSite(name) });
    story.send(1);
    story.world.clock.advance(seconds(50));
    story.send(1, '0142000003');
    story.world.clock.advance(seconds(12));
    expect(ended(story)).toMatchObject([{ outcome: 'all-confirmed' }, { begun: false, outcome: 'one-a-minute' }]);
    expect(story.world.network.attempts).toHaveLength(1);
    story.send(1, '0142000003');
    story.world.clock.advance(seconds(60));
    expect(story.world.network.attempts.map(({ dialled }) => dialled)).toEqual([PARIS, '0142000003']);
  });

  it.each([
    ['X-4: mass fax', 'X-4', { name: 'suspend-fax' }, 'mass-fax'],
    ['C-2: a limit that is reached', 'C-2', { name: 'bar-outgoing' }, 'limit-reached'],
  ] as const)('%s', (_, rule, action, outcome) => {
    const begun: LedgerEvent = {
      ...{ kind: 'limit-begun', rule, scope: 'account', subject: 'account', article: '', at: 1, cause: 'x' },
      ...{ measured: 1, limit: 1, unit: 'count', action },
    };
    const story = faxStory({ given: [...lent(1_000 * TICKS_A_PAGE), begun] });
    story.send(1);
    story.world.clock.advance(seconds(30));
    expect(story.world.network.attempts).toEqual([]);
    expect(ended(story)).toMatchObject([{ begun: false, outcome }]);
  });

  it('V-1: an emergency number is dialed whatever is reached', () => {
    const story = faxStory({ given: lent(0) });
    story.send(1, '112');
    story.world.clock.advance(seconds(12));
    expect(story.world.network.attempts.map(({ dialled }) => dialled)).toEqual(['112']);
  });
});

describe('X-1, U-1: ends', () => {
  it('of a call to a busy number: a busy tone, and the record says it', () => {
    const story = faxStory({ reached: () => 486 });
    story.send(1);
    story.world.clock.advance(seconds(30));
    expect(story.world.handset.heard().slice(-1)).toEqual(['busy']);
    expect(ended(story)).toMatchObject([{ begun: true, outcome: 'busy', answeredAt: null, seconds: 0 }]);
  });

  it('where T.38 is refused: the network has its line back, and the machine hears DCN', () => {
    const story = faxStory({ takesFax: 488 });
    const machine = story.send(1);
    story.world.clock.advance(seconds(60));
    expect(ended(story)).toMatchObject([{ outcome: 'network-refused-fax', pages: 0 }]);
    expect(story.far()?.isOver()).toBe(true);
    expect(machine.story()).toContain('heard DCN');
    expect(story.world.desk().state()).toBe('on-hook');
  });

  it('when the machine hangs up while it is called: CANCEL, and no fax', () => {
    const story = faxStory({ answersAfter: 30_000 });
    story.send(1);
    story.world.clock.advance(seconds(15));
    story.world.handset.hangUp();
    story.world.clock.advance(seconds(2));
    expect(ended(story)).toMatchObject([{ outcome: 'machine-stopped', answeredAt: null }]);
    expect(story.far()?.isOver()).toBe(true);
  });

  it('when a second caller comes: 486, and the fax goes on', () => {
    const story = faxStory();
    const machine = story.send(1);
    story.world.clock.advance(seconds(20));
    const second = farSender(story.world.clock, 1);
    story.world.network.call(FAX_LINE, CALLER, second);
    story.world.clock.advance(seconds(2));
    expect(second.isOver()).toBe(true);
    story.world.clock.advance(seconds(60));
    expect(machine.result()).toBe('sent');
    expect(ended(story)).toHaveLength(1);
  });

  it('a modem without voice class is told of at the start, and nobody is let in vain', () => {
    const { world } = faxStory({ faults: { voice: false } });
    expect(world.faults.join()).toContain('AT+FCLASS=8');
    expect(world.desk().state()).toBe('out-of-service');
    const far = farSender(world.clock, 1);
    world.network.call(FAX_LINE, CALLER, far);
    world.clock.advance(seconds(2));
    expect(far.isOver()).toBe(true);
  });

  it('after a crash: the next start ends the fax as cut, with its pages, and the line goes on', () => {
    const story = faxStory();
    story.send(3);
    story.world.clock.advance(seconds(50));
    expect(pagesTold(story)).toBe(2);
    story.world.kill();
    story.world.clock.advance(seconds(10));
    story.world.start();
    story.world.clock.advance(seconds(5));
    expect(ended(story)).toMatchObject([{ outcome: 'cut', pages: 2, complete: false }]);
    expect(story.world.ledger().account().charges).toEqual({ count: 1, ticks: 2 * TICKS_A_PAGE, bundleSeconds: 0 });
    const machine = story.send(1);
    story.world.clock.advance(seconds(120));
    expect(machine.result()).toBe('sent');
  });
});

const KILLS = Number(process.env.KILLS ?? 6);

it(`X-5, U-7: over ${KILLS} kills at random instants no page is charged that was not confirmed, and none that the machine was told of is missed`, {
  timeout: 3_600_000,
}, () => {
  const chance = createSimRandom(process.env.SEED ?? 'kills');
  for (let index = 0; index < KILLS; index += 1) {
    const story = faxStory({ seed: `kill ${index}` });
    const machine = story.send(3);
    story.world.clock.advance(millis(8_000 + Math.floor(chance.fraction() * 72_000)));
    story.world.kill();
    const told = machine.confirmed();
    const confirmed = story.far()?.machine()?.received().length ?? 0;
    story.world.clock.advance(seconds(3));
    story.world.start();
    story.world.clock.advance(seconds(3));
    const { ticks } = story.world.ledger().account().charges;
    expect(ticks).toBe(pagesTold(story) * TICKS_A_PAGE);
    expect(told * TICKS_A_PAGE).toBeLessThanOrEqual(ticks);
    expect(ticks).toBeLessThanOrEqual(confirmed * TICKS_A_PAGE);
  }
});
