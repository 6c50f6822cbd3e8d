import { expect, it } from 'vitest';
import { millis, seconds } from '../../agent/model/units.ts';
import { createDeskWorld, type DeskWorld } from '../../hw-sim/bench/fax/desk-world.ts';
import { pagesFor } from '../../hw-sim/bench/fax/sample-document.ts';
import { createReceivingMachine } from '../../hw-sim/fax/receiving-machine.ts';
import { createSendingMachine } from '../../hw-sim/fax/sending-machine.ts';
import { createSimRandom } from '../../hw-sim/site/sim-random.ts';
import { faxWorld } from '../agent/runtime/fax-world.ts';
import { faxEvents, lent, siteAt, TICKS_A_PAGE } from './fax-site.ts';

/** Two boxes with the real desk, bridge and SIP user agent each, on one clock, with a path between them. */
function twoBoxes(imageAtOnce: boolean, path = () => [millis(20)]) {
  const { clock, near, far } = faxWorld('desks', path);
  const box = (end: typeof near): DeskWorld =>
    createDeskWorld({
      ...{ seed: end.number, wall: millis(0), config: siteAt(end.number, imageAtOnce) },
      ...{ given: lent(1_000 * TICKS_A_PAGE), real: { clock, calls: end.phones } },
    });
  const [sender, receiver] = [box(near), box(far)];
  const send = (pages: number) =>
    sender.connect((say) =>
      createSendingMachine({ clock, say, fastest: 145, ecm: true, pages: pagesFor(pages, true) }),
    );
  const taking = receiver.connect((say) => createReceivingMachine({ clock, say, ecm: true }));
  return { clock, sender, receiver, send, taking, near, far };
}

it.each([
  [1, false],
  [3, false],
  [3, true],
])(
  'X-1, X-5, U-1: %i pages from machine to machine over our own SIP and T.38, T.38 in the first INVITE: %s',
  (pages, imageAtOnce) => {
    const { clock, sender, receiver, send, taking, near } = twoBoxes(imageAtOnce);
    const machine = send(pages);
    sender.handset.dial('0172890002');
    clock.advance(seconds(240));
    expect(machine.result()).toBe('sent');
    expect(taking.received()).toHaveLength(pages);
    const [first, ...later] = near.said.filter((text) => text.startsWith('INVITE'));
    expect(first).toContain(imageAtOnce ? 'm=image' : 'm=audio');
    expect(later.filter((text) => imageAtOnce && text.includes('m=audio'))).toEqual([]);
    expect(faxEvents(sender).at(-1)).toMatchObject({ direction: 'sent', pages, outcome: 'all-confirmed' });
    expect(faxEvents(receiver).at(-1)).toMatchObject({ direction: 'received', pages, outcome: 'all-confirmed' });
    expect([sender.desk().state(), receiver.desk().state()]).toEqual(['on-hook', 'on-hook']);
  },
);

it('X-1: at 10 % loss each way, SIP and T.38 alike', () => {
  const chance = createSimRandom('loss');
  const { clock, sender, send, taking } = twoBoxes(false, () => (chance.chance(0.1) ? [] : [millis(20)]));
  const machine = send(3);
  sender.handset.dial('0172890002');
  clock.advance(seconds(300));
  expect(machine.result()).toBe('sent');
  expect(taking.received()).toHaveLength(3);
});
