import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { negotiate, OWN_TERMS } from '../../../../agent/fax/t38/negotiate.ts';
import { readSdp } from '../../../../agent/fax/t38/read-sdp.ts';
import { writeFaxAnswer, writeFaxOffer } from '../../../../agent/fax/t38/write-sdp.ts';

const ORIGIN = { address: '192.0.2.10', port: 41_000, sessionId: '7', sessionVersion: 2 };

const sdp = (...lines: readonly string[]): string =>
  ['v=0', 'o=- 1 1 IN IP4 198.51.100.1', 's=-', 'c=IN IP4 198.51.100.1', 't=0 0', ...lines, ''].join('\r\n');

/** Descriptions in the manner of systems in the field. */
const FIELD = {
  asterisk: sdp(
    'm=image 4586 udptl t38',
    'a=T38FaxVersion:0',
    'a=T38MaxBitRate:14400',
    'a=T38FaxRateManagement:transferredTCF',
    'a=T38FaxMaxDatagram:400',
    'a=T38FaxUdpEC:t38UDPRedundancy',
  ),
  cisco: sdp(
    'm=image 17244 udptl t38',
    'c=IN IP4 198.51.100.9',
    'a=T38FaxVersion:3',
    'a=T38MaxBitRate:33600',
    'a=T38FaxFillBitRemoval:0',
    'a=T38FaxTranscodingMMR:0',
    'a=T38FaxTranscodingJBIG:0',
    'a=T38FaxRateManagement:transferredTCF',
    'a=T38FaxMaxBuffer:200',
    'a=T38FaxMaxDatagram:320',
    'a=T38FaxUdpEC:t38UDPFEC',
  ),
  loose: sdp(
    'm=audio 0 RTP/AVP 8 0',
    'a=sendrecv',
    'm=IMAGE 5000 UDPTL T38',
    'a=t38faxversion: 0',
    'a=T38MaxBitrate:9600',
    'a=T38FaxFillBitRemoval',
    'a=T38FaxTranscodingMMR:1',
    'a=T38FaxRateManagement:localTCF',
    'a=T38FaxMaxDatagram:38',
    'a=T38FaxUdpEc:T38UDPNOEC',
  ),
  bare: sdp('m=image 6000 udptl t38'),
};

describe('T.38 in SDP (X-1, T.38 Annex D 2.3)', () => {
  it.each([
    ['asterisk', { version: 0, maxBitRate: 14_400, errorCorrection: 'redundancy', maxDatagram: 400 }],
    [
      'cisco',
      {
        version: 3,
        maxBitRate: 33_600,
        errorCorrection: 'fec',
        maxDatagram: 320,
        fillBitRemoval: false,
        maxBuffer: 200,
      },
    ],
    [
      'loose',
      {
        version: 0,
        maxBitRate: 9_600,
        errorCorrection: 'none',
        maxDatagram: 72,
        fillBitRemoval: true,
        transcodingMmr: true,
        transcodingJbig: false,
        rateManagement: 'localTCF',
      },
    ],
    [
      'bare',
      {
        version: 0,
        maxBitRate: 14_400,
        errorCorrection: 'redundancy',
        maxDatagram: 400,
        rateManagement: 'transferredTCF',
      },
    ],
  ] as const)('X-1: reads what a system like %s says', (name, terms) => {
    const fax = readSdp(FIELD[name]).find((stream) => stream.fax)?.fax;
    expect(fax).toMatchObject(terms);
  });

  it('X-1: reads streams in their order with their addresses, line ends of both kinds', () => {
    const streams = readSdp(FIELD.loose.replaceAll('\r\n', '\n'));
    expect(streams.map(({ media, port, address }) => [media, port, address])).toEqual([
      ['audio', 0, '198.51.100.1'],
      ['image', 5_000, '198.51.100.1'],
    ]);
    expect(readSdp(FIELD.cisco)[0]?.address).toBe('198.51.100.9');
  });

  it('X-1: agrees on the lower version and rate, on redundancy, and on what the peer takes', () => {
    expect(negotiate({ ...OWN_TERMS, version: 2 }, readSdp(FIELD.cisco))).toEqual({
      agreed: {
        version: 2,
        maxBitRate: 14_400,
        address: '198.51.100.9',
        port: 17_244,
        largest: 320,
        repair: 'secondaries',
      },
      answer: { ...OWN_TERMS, version: 2 },
      at: 0,
      refusal: undefined,
    });
    expect(negotiate(OWN_TERMS, readSdp(FIELD.cisco)).agreed?.version).toBe(0);
  });

  it('X-1: sends no redundancy to whom wants none, and says so', () => {
    const { agreed, refusal } = negotiate(OWN_TERMS, readSdp(FIELD.loose));
    expect([agreed?.repair, agreed?.maxBitRate, refusal]).toEqual(['none', 9_600, undefined]);
  });

  it.each([
    ['no-image-stream', sdp('m=audio 4000 RTP/AVP 8')],
    ['no-image-stream', sdp('m=image 4000 TCP t38')],
    ['no-image-stream', 'hello'],
    ['switched-off', sdp('m=image 0 udptl t38')],
    ['no-address', 'v=0\r\nm=image 4000 udptl t38\r\n'],
  ] as const)('X-1: there is no fax, and the reason is %s', (refusal, body) => {
    expect(negotiate(OWN_TERMS, readSdp(body))).toEqual({ agreed: undefined, refusal });
  });

  it('X-1: writes an offer as the grammar has it, version 0', () => {
    expect(writeFaxOffer(ORIGIN, OWN_TERMS).split('\r\n')).toEqual([
      'v=0',
      'o=relais 7 2 IN IP4 192.0.2.10',
      's=-',
      'c=IN IP4 192.0.2.10',
      't=0 0',
      'm=image 41000 udptl t38',
      'a=T38FaxVersion:0',
      'a=T38MaxBitRate:14400',
      'a=T38FaxRateManagement:transferredTCF',
      'a=T38FaxMaxBuffer:2000',
      'a=T38FaxMaxDatagram:1400',
      'a=T38FaxUdpEC:t38UDPRedundancy',
      '',
    ]);
  });

  it('X-1: answers each stream in its place, the fax taken and the others refused with port 0', () => {
    const offer = readSdp(sdp('m=audio 4000 RTP/AVP 8 0', 'm=image 4002 udptl t38', 'm=video 4004 RTP/AVP 97'));
    const { answer, at } = { ...{ answer: OWN_TERMS, at: -1 }, ...negotiate(OWN_TERMS, offer) };
    const lines = writeFaxAnswer(ORIGIN, answer, offer, at).split('\r\n');
    expect(lines.filter((line) => line.startsWith('m='))).toEqual([
      'm=audio 0 RTP/AVP 8 0',
      'm=image 41000 udptl t38',
      'm=video 0 RTP/AVP 97',
    ]);
  });

  it('X-1: what is written is read as it was meant', () => {
    const terms = fc.record({
      version: fc.constantFrom(0 as const, 1 as const, 2 as const, 3 as const),
      maxBitRate: fc.constantFrom(2_400, 9_600, 14_400, 33_600),
      rateManagement: fc.constantFrom('transferredTCF' as const, 'localTCF' as const),
      errorCorrection: fc.constantFrom('redundancy' as const, 'fec' as const, 'none' as const),
      maxBuffer: fc.option(fc.nat(9_999), { nil: undefined }),
      maxDatagram: fc.integer({ min: 72, max: 1_472 }),
      fillBitRemoval: fc.boolean(),
      transcodingMmr: fc.boolean(),
      transcodingJbig: fc.boolean(),
    });
    fc.assert(
      fc.property(terms, fc.constantFrom('192.0.2.1', '2001:db8::1'), (one, address) => {
        const [stream] = readSdp(writeFaxOffer({ ...ORIGIN, address }, one));
        expect([stream?.fax, stream?.address, stream?.port]).toEqual([one, address, 41_000]);
      }),
    );
  });

  it('X-1: whatever text comes, reading ends', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            'm=image 1 udptl t38',
            'm=',
            'a=T38FaxVersion:99999',
            'a=T38MaxBitRate:0',
            'c=IN IP4',
            'm=image 99999 udptl t38',
            'a=:',
            '\0',
          ),
        ),
        fc.string(),
        (lines, noise) => {
          for (const { fax, port } of readSdp([...lines, noise].join('\n'))) {
            expect(port).toBeLessThanOrEqual(65_535);
            if (fax) expect([fax.maxBitRate >= 2_400, fax.version <= 3]).toEqual([true, true]);
          }
        },
      ),
    );
    expect(readSdp('m=image 1 udptl t38\n'.repeat(5_000))).toEqual([]);
  });
});
