import { expect, it } from 'vitest';
import { minutes, seconds } from '../../agent/model/units.ts';
import { bench, PAID, request, response } from './sip-bench.ts';

/** A hundred thousand by hand: SIP_CALLS=100000 npx vitest run test/scenarios/sip-many-calls.test.ts */
const CALLS = Number(process.env.SIP_CALLS ?? 150);

it(`U-1, U-2: ${CALLS} calls are metered one by one, and nothing of them is kept when they are over`, {
  timeout: 3_600_000,
}, () => {
  const { site, add, of, toNetwork, toPhone } = bench({ channels: 20 });
  site.clock.advance(minutes(2));
  const idle = site.clock.queued();
  let highest = 0;
  for (let call = 0; call < CALLS; call += 1) {
    const own = { callId: `many-${call}`, branch: `z9hG4bK-${call}`, fromTag: `f${call}` };
    const number = call % 4 === 0 ? PAID : 'sip:112@203.0.113.10';
    add('phone', request('INVITE', number, own));
    site.clock.advance(seconds(0.1));
    add('network', response(200, own));
    add('phone', request('ACK', number, { ...own, toTag: 't' }));
    site.clock.advance(seconds(1));
    add('phone', request('BYE', number, { ...own, toTag: 't', sequence: 2 }));
    add('network', response(200, { ...own, sequence: 2 }, 'BYE'));
    highest = Math.max(highest, site.clock.queued());
    toNetwork.length = 0;
    toPhone.length = 0;
  }
  site.clock.advance(minutes(5));
  const ended = of('call-ended');
  expect(ended).toHaveLength(CALLS);
  expect(new Set(ended.map(({ cause }) => cause))).toEqual(new Set(['caller-hung-up']));
  expect(new Set(ended.map((event) => event.seconds))).toEqual(new Set([1]));
  // A call that is over lingers for 32 s (64·T1) and has one timer then; the clock throws out canceled ones in bulk.
  expect(highest).toBeLessThan(idle + 500);
  expect(site.clock.queued()).toBeLessThan(idle + 50);
});
