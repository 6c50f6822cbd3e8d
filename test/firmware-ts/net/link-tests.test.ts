import { describe, expect, it } from 'vitest';
import { readPing, readTrace } from '../../../firmware-ts/net/link-tests.ts';

const said = (status: number, stdout: string, stderr = '') => ({ status, stdout, stderr });
const HEAD = 'PING 203.0.113.9 (203.0.113.9) from 192.0.2.2 wan2: 56(84) bytes of data.\n';
const ANSWER = '64 bytes from 203.0.113.9: icmp_seq=1 ttl=63 time=12.3 ms\n';

describe('what ping of iputils 20221126 prints (M-1)', () => {
  it.each([
    [
      'all answers',
      said(0, `${HEAD}${ANSWER}64 bytes from 203.0.113.9: icmp_seq=2 ttl=63 time=0.037 ms\n`),
      2,
      { answers: [12_300, 37], lost: 0 },
    ],
    [
      'an answer that came twice',
      said(0, `${HEAD}${ANSWER}${ANSWER.trimEnd()} (DUP!)\n`),
      1,
      { answers: [12_300], lost: 0 },
    ],
    ['one lost', said(0, `${HEAD}${ANSWER}`), 3, { answers: [12_300], lost: 2 }],
    [
      'none',
      said(1, `${HEAD}\n1 packets transmitted, 0 received, 100% packet loss, time 0ms\n`),
      1,
      { answers: [], lost: 1 },
    ],
  ] as const)('M-1: %s', (_, outcome, repetitions, found) => {
    expect(readPing(outcome, repetitions)).toEqual({ test: 'ping', address: '192.0.2.2', ...found });
  });

  it.each([
    ['ping: no-such.invalid: Name or service not known', 'unresolved'],
    ['ping: connect: Network is unreachable', 'no-route'],
    ['ping: invalid argument', 'failed'],
  ])('M-1: %s is %s', (stderr, failed) => {
    expect(readPing(said(2, '', stderr), 3)).toEqual({ test: 'ping', failed, answers: [], lost: 3 });
  });
});

describe('what traceroute 2.1 prints (M-1)', () => {
  it('M-1: hops with their times, silent ones, and one whose answer says more', () => {
    const stdout = `traceroute to far.example (203.0.113.50), 30 hops max, 66 byte packets
 1  192.0.2.1  0.345 ms  0.3 ms
 2  * *
 3  203.0.113.50  10.017 ms  11 ms
`;
    expect(readTrace(said(0, stdout))).toEqual({
      ...{ test: 'trace', address: '203.0.113.50' },
      hops: [
        { address: '192.0.2.1', times: [345, 300] },
        { address: undefined, times: [] },
        { address: '203.0.113.50', times: [10_017, 11_000] },
      ],
    });
    expect(readTrace(said(0, stdout.replace(/ 3 .*\n/, '')))).toMatchObject({ failed: 'too-far' });
  });

  it.each([
    [
      'traceroute to 203.0.113.1 (203.0.113.1), 2 hops max, 60 byte packets',
      'connect: Network is unreachable',
      'no-route',
    ],
    ['', 'no-such.invalid: Name or service not known', 'unresolved'],
  ])('M-1: "%s", %s', (stdout, stderr, failed) => {
    expect(readTrace(said(1, stdout, stderr))).toEqual({ test: 'trace', failed, hops: [] });
  });
});
