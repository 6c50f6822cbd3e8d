import { expect, it } from 'vitest';
import { millis, seconds } from '../../agent/model/units.ts';
import type { AgentPorts } from '../../agent/ports/agent-ports.ts';
import { contractOf } from '../../agent/rating/credit/contract.ts';
import { createCalls } from '../../agent/runtime/calls.ts';
import { createQualityWatch } from '../../agent/runtime/quality-watch.ts';
import { createDeskWorld } from '../../hw-sim/bench/fax/desk-world.ts';
import { pagesFor } from '../../hw-sim/bench/fax/sample-document.ts';
import { createReceivingMachine } from '../../hw-sim/fax/receiving-machine.ts';
import { createSendingMachine } from '../../hw-sim/fax/sending-machine.ts';
import { faxWorld } from '../agent/runtime/fax-world.ts';
import { lent, siteAt, TICKS_A_PAGE } from './fax-site.ts';

/** The sending box with the guard of SIP on its wire, as the agent has it; the other one without. */
function guarded() {
  const { clock, near, far } = faxWorld('guard');
  const config = siteAt(near.number);
  const sender = createDeskWorld({
    ...{ seed: 'near', wall: millis(0), config, given: lent(1_000 * TICKS_A_PAGE) },
    real: { clock, calls: near.phones },
    beside({ ledger, turns, ports }) {
      const calls = createCalls({
        lineVoice: () => undefined,
        ...{ config, contract: contractOf(config), turns, ledger },
        // All that the guard takes of the ports.
        ports: { ...ports, voice: near.phones.voice, media: near.phones.media } as unknown as AgentPorts,
        quality: createQualityWatch({ ports: { clock: ports.clock, media: near.phones.media }, turns, ledger }),
        ...{ voiceLink: () => 'main', counted: () => undefined },
      });
      calls.recover(ledger.openCalls());
      calls.open();
    },
  });
  const receiver = createDeskWorld({
    ...{ seed: 'far', wall: millis(0), config: siteAt(far.number), real: { clock, calls: far.phones } },
  });
  receiver.connect((say) => createReceivingMachine({ clock, say, ecm: true }));
  const send = (pages: number) =>
    sender.connect((say) =>
      createSendingMachine({ clock, say, fastest: 145, ecm: true, pages: pagesFor(pages, true) }),
    );
  return { clock, sender, send };
}

it('X-5, U-1: through the guard a fax leaves the record of its call and its own, and is charged by the page alone', () => {
  const { clock, sender, send } = guarded();
  const machine = send(2);
  sender.handset.dial('0172890002');
  clock.advance(seconds(240));
  expect(machine.result()).toBe('sent');
  const events = sender.events();
  const call = events.find(({ kind }) => kind === 'call-ended');
  expect(call).toMatchObject({ direction: 'outgoing', caller: '+33172890001', called: '0172890002' });
  expect(call).toMatchObject({ answeredAt: expect.any(Number), class: 'geographic' });
  const admitted = events.find((event) => event.kind === 'call-admitted');
  const fax = events.find((event) => event.kind === 'fax-ended');
  expect(fax).toMatchObject({ pages: 2, outcome: 'all-confirmed', sipCallId: admitted?.dialog.sipCallId });
  expect(sender.ledger().account().charges.ticks).toBe(2 * TICKS_A_PAGE);
  expect(sender.ledger().account().charged.ticks).toBe(2 * TICKS_A_PAGE);
});
