import { describe, expect, it } from 'vitest';
import { millis } from '../../../agent/model/units.ts';
import type { JournalLine } from '../../../agent/ports/journal.ts';
import { createLogTail, mask } from '../../../agent/runtime/log-tail.ts';

it('M-3, D-1: support reads the last faults without the numbers in them; the log itself is as it was', () => {
  const heard: string[] = [];
  const nothing = (_line: JournalLine): void => undefined;
  const journal = {
    step: nothing,
    fault: (message: string, fields: object) => heard.push(message + JSON.stringify(fields)),
  };
  const tail = createLogTail(journal, { wall: () => millis(1_790_000_000_000) });
  tail.journal.fault('a call failed', {
    called: '0612345678',
    caller: '+33172890001',
    at: '203.0.113.40:8620',
    bytes: 4_096,
  });
  expect(tail.lines()).toEqual([
    '2026-09-21T14:13:20.000Z a call failed {"called":"061234****","caller":"+3317289****","at":"203.0.113.40:8620","bytes":4096}',
  ]);
  expect(heard).toEqual([
    'a call failed{"called":"0612345678","caller":"+33172890001","at":"203.0.113.40:8620","bytes":4096}',
  ]);
  for (let n = 0; n < 500; n += 1) tail.journal.fault('again', { n });
  expect([tail.lines().length, tail.lines().at(-1)]).toEqual([200, expect.stringContaining('"n":499')]);
});

describe('S-8, D-1: what else a log must not tell', () => {
  it.each<readonly [string, string, string]>([
    ['a number in a SIP address', 'sip:33172890001@203.0.113.10', 'sip:3317289****@203.0.113.10'],
    ['an IMSI', '{"imsi":"208011234567890"}', '{"imsi":"20801****"}'],
    ['an ICCID', 'card 8933010000000000017 gone', 'card 89330**** gone'],
    ['a password', '{"password":"hunter\\"2","host":"x"}', '{"password":"****","host":"x"}'],
    ['a token under a longer name', '{"uplinkToken":"abc"}', '{"uplinkToken":"****"}'],
    ['an answer to a challenge', 'Authorization: Digest username="a"', 'Authorization: ****"a"'],
    ['a name in an address', 'https://me:secret@releases.example/x', 'https://****@releases.example/x'],
    ['a private key', '-----BEGIN PRIVATE KEY-----\nMIIE', '****'],
    [
      'and nothing of what is no secret',
      '{"at":1790000000000,"link":"main","ms":12.5}',
      '{"at":1790000000000,"link":"main","ms":12.5}',
    ],
  ])('%s is hidden', (_, said, told) => {
    expect(mask(said)).toBe(told);
  });
});
