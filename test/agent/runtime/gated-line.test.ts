import { expect, it } from 'vitest';
import type { ModemOrder } from '../../../agent/model/fax-modem.ts';
import { createGatedLine } from '../../../agent/runtime/gated-line.ts';

it('X-5: while a record is on its way to the medium the machine is told nothing, and then all of it in order', () => {
  const given: ModemOrder['do'][] = [];
  const line = createGatedLine((order) => void given.push(order.do));
  line.order({ do: 'send-frames' });
  line.shut();
  line.shut();
  line.order({ do: 'frame', octets: Uint8Array.of(0xff, 0x13, 0x8c), last: true });
  line.order({ do: 'hear-frames' });
  line.open();
  expect(given).toEqual(['send-frames']);
  line.open();
  expect(given).toEqual(['send-frames', 'frame', 'hear-frames']);
});
