import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canonicalCidrIpv6,
  canonicalIpv6,
  firstHostIpv6,
  holdsIpv6,
  hostPort,
  overlapIpv6,
  subnetOf,
} from '../../../agent/model/ipv6-networks.ts';

/** As browsers and Node write an address (WHATWG URL, RFC 5952). */
const byUrl = (text: string): string => new URL(`http://[${text}]/`).hostname.slice(1, -1);
const group = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 0xffff }));
const groups = fc.array(group, { minLength: 8, maxLength: 8 });
const full = groups.map((all) => all.map((one) => one.toString(16).padStart(4, '0').toUpperCase()).join(':'));

describe('Q-2, F-3: addresses of IPv6 are compared as text, so each has one writing', () => {
  it('is that of RFC 5952, whatever was written', () => {
    fc.assert(
      fc.property(full, (text) => {
        expect(canonicalIpv6(text)).toBe(byUrl(text));
        expect(canonicalIpv6(canonicalIpv6(text))).toBe(canonicalIpv6(text));
      }),
      { seed: 6, numRuns: 500 },
    );
  });

  it.each([
    ['2001:DB8::0010', '2001:db8::10'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['::', '::'],
    ['::ffff:192.0.2.1', '::ffff:c000:201'],
    ['192.0.2.1', '192.0.2.1'],
    ['1::2::3', '1::2::3'],
  ])('%s is %s; what is no address stays as it is', (text, written) => {
    expect(canonicalIpv6(text)).toBe(written);
  });

  it('a network holds what has its bits in front, and itself; two overlap when one holds the other', () => {
    fc.assert(
      fc.property(full, full, fc.integer({ min: 0, max: 128 }), (one, other, length) => {
        const bits = (text: string): string =>
          text
            .split(':')
            .map((part) => Number.parseInt(part, 16).toString(2).padStart(16, '0'))
            .join('');
        const same = bits(one).slice(0, length) === bits(other).slice(0, length);
        expect(holdsIpv6(`${one}/${length}`, other)).toBe(same);
        expect(overlapIpv6(`${one}/${length}`, `${other}/${length}`)).toBe(same);
        expect(holdsIpv6(`${one}/${length}`, canonicalCidrIpv6(`${one}/${length}`))).toBe(true);
      }),
      { seed: 6, numRuns: 300 },
    );
    expect(holdsIpv6('2001:db8:1:10::/64', '2001:db8:1::/56')).toBe(false);
  });

  it('networks of LANs are cut from a prefix in their order, and the box is the first host', () => {
    expect(subnetOf('2001:db8:2:ff00::/56', 0)).toBe('2001:db8:2:ff00::/64');
    expect(subnetOf('2001:db8:2::7/56', 1)).toBe('2001:db8:2:1::/64');
    expect(firstHostIpv6('2001:db8:1:10::/64')).toBe('2001:db8:1:10::1/64');
  });

  it('V-1: SIP writes an address of IPv6 in brackets (RFC 3261 25.1)', () => {
    expect(hostPort({ address: '2001:db8::10', port: 5060 })).toBe('[2001:db8::10]:5060');
    expect(hostPort({ address: '203.0.113.10', port: 5060 })).toBe('203.0.113.10:5060');
  });
});
