import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stepBridge } from '../../../../agent/fax/bridge/bridge.ts';
import type { BridgeEvent } from '../../../../agent/fax/bridge/bridge-state.ts';
import { reverseBits } from '../../../../agent/fax/t30/bit-order.ts';
import { readCapabilities } from '../../../../agent/fax/t30/capabilities.ts';
import { readFrame } from '../../../../agent/fax/t30/frame.ts';
import { DATA_TYPES, FIELD_TYPES, INDICATORS } from '../../../../agent/fax/t38/code-points.ts';
import { bareField, type IfpPacket, indicatorPacket } from '../../../../agent/fax/t38/ifp.ts';
import type { FaxModemNews } from '../../../../agent/model/fax-modem.ts';
import {
  CALLED,
  CFR,
  CFR_PLAYED,
  CHECK_HEARD,
  carrier,
  DCS,
  DCS_HEARD,
  DIS,
  DIS_PLAYED,
  data,
  done,
  FTT,
  following,
  hdlc,
  heard,
  indicator,
  MCF,
  modem,
  orders,
  PAGE_HEARD,
  PPS,
  play,
  RULES,
  said,
} from './play.ts';

describe('the bridge between a Class 1 modem and T.38', () => {
  it('X-1: answers the machine when the far end is known to be a fax, and not before', () => {
    expect(play(CALLED).words).toEqual(['cng']);
    expect(following(CALLED, indicator('ced'))).toEqual(['answer']);
    expect(following(CALLED, indicator('v21-preamble'))).toEqual(['answer']);
  });

  it('X-1: says a training of the machine when it is about to begin, for the modem tells of it when it is over', () => {
    expect(following(DIS_PLAYED, ...DCS_HEARD)).toEqual([
      'v21-preamble',
      'says DCS',
      'no-signal',
      'hear-page 145',
      'v17-14400-long-training',
    ]);
  });

  it('X-1: listens for a short training behind CFR, and for a long one behind FTT and a new DCS', () => {
    const checked = [...DIS_PLAYED, ...DCS_HEARD, ...CHECK_HEARD];
    expect(following(checked, ...CFR_PLAYED).at(-1)).toBe('hear-page 146');
    expect(orders(...checked, ...said(...CFR)).at(-1)).toMatchObject({
      do: 'frame',
      behind: { do: 'hear-page', modulation: 146 },
    });
    const refused = [...checked, ...said(...FTT), done('send-frames')];
    expect(play(refused).words.at(-1)).toBe('hear-frames');
    expect(following(refused, ...DCS_HEARD)).toContain('hear-page 145');
  });

  it('X-1: has the modem go on from a DCS to its training check by itself, for a turn has 75 ms, once T.38 is there', () => {
    const turns = [{ behind: { do: 'hear-page', modulation: 145 } }];
    const hears = (...events: readonly BridgeEvent[]) => orders(...events).filter((one) => one.do === 'hear-frames');
    expect(hears(...DIS_PLAYED).at(-1)).toMatchObject({
      turns: expect.arrayContaining([expect.objectContaining(turns[0])]),
    });
    const refused = [...DIS_PLAYED, ...DCS_HEARD, ...CHECK_HEARD, ...said(...FTT)];
    expect(orders(...refused).at(-1)).toMatchObject({ do: 'frame', behind: { do: 'hear-frames' } });
    expect(orders(...refused).at(-1)).toHaveProperty('behind.turns.length', hears(...DIS_PLAYED).at(-1)?.turns?.length);
    const early = [{ on: 'far-called', digits: '1' }, carrier(3), done('hear-frames')] as const;
    expect(hears(...early)).toEqual([{ do: 'hear-frames' }]);
  });

  it('X-1: tells the far end of frames that come where an image was waited for', () => {
    const waiting = [...DIS_PLAYED, ...DCS_HEARD, ...CHECK_HEARD, ...CFR_PLAYED];
    expect(following(waiting, ...DCS_HEARD).slice(0, 2)).toEqual(['v21-preamble', 'says DCS']);
    expect(following(waiting, modem({ on: 'fcerror' }))).toEqual(['hear-frames']);
  });

  it('X-1, X-5: drops an answer that comes while the machine repeats its command, and counts the page all the same', () => {
    expect(following([...PAGE_HEARD, carrier(3)], ...said(...MCF))).toEqual(['wait lull', 'tell page-confirmed']);
    expect(following(PAGE_HEARD, ...said(...MCF))).toEqual([
      'stop',
      'send-frames',
      'wait lull',
      'wait lull',
      'tell page-confirmed',
      'frame MCF last',
    ]);
  });

  it('X-1: gives way to the far end when that leads, and tells it no more of what the machine says', () => {
    const received: readonly BridgeEvent[] = [{ on: 'far-called', digits: '1' }, { on: 'far-opened' }, carrier(3)];
    expect(following(received, indicator('v21-preamble'), heard(...DIS))).toEqual(['no-signal', 'send-frames']);
  });

  it('X-1: takes a frame that can only be whole when the last packet of its burst is lost, and no other', () => {
    const cut = (...octets: readonly number[]): readonly BridgeEvent[] => [
      indicator('v21-preamble'),
      data(hdlc(...octets)),
    ];
    const lull: BridgeEvent = { on: 'waited', name: 'lull' };
    expect(following(PAGE_HEARD, ...cut(...MCF), lull)).toContain('frame MCF last');
    expect(following(PAGE_HEARD, ...cut(0x13, 0xbc, 0, 0), lull)).not.toContain('frame PPR last');
    expect(
      following(
        PAGE_HEARD,
        { on: 'packets-missing' },
        indicator('v21-preamble'),
        data(hdlc(...MCF)),
        { on: 'packets-missing' },
        lull,
      ),
    ).not.toContain('frame MCF last');
  });

  it('X-1: passes on no frame that lost a packet in its middle', () => {
    const broken = [indicator('v21-preamble'), data(hdlc(0x13)), { on: 'packets-missing' } as const];
    const rest = data({ type: 'hdlc-data', octets: reverseBits(Uint8Array.of(0x8c)) }, bareField('hdlc-fcs-ok'));
    expect(following(PAGE_HEARD, ...broken, rest)).not.toContain('frame MCF last');
  });

  it('X-1: passes on no frame whose first octets may have been lost with the preamble', () => {
    const rest = data(hdlc(0x13, 0x4f), bareField('hdlc-fcs-ok-sig-end'));
    const image = [...PAGE_HEARD, indicator('v17-14400-short-training')];
    expect(following(image, rest)).toContain('frame MPS last');
    expect(following(image, { on: 'packets-missing' }, rest)).not.toContain('frame MPS last');
  });

  it('X-1: gives up a frame that stops in its middle, for the machine asks again only when our flags are over', () => {
    const stopped = [indicator('v21-preamble'), data(hdlc(0x13)), { on: 'waited', name: 'lull' } as const];
    expect(following(PAGE_HEARD, ...stopped).slice(-2)).toEqual(['stop', 'hear-frames']);
  });

  it('X-1: plays an image with the flags of ECM and a short lead, and without ECM with the lead of the modem', () => {
    const called: readonly BridgeEvent[] = [{ on: 'far-called', digits: '1' }, { on: 'far-opened' }, carrier(3)];
    const answered = [...called, heard(...DIS), done('hear-frames')];
    const image = (order: readonly number[]): unknown => {
      const events = [
        ...answered,
        ...said(...order),
        done('send-frames'),
        carrier(3),
        heard(...CFR),
        done('hear-frames'),
      ];
      const [, effects] = stepBridge(play(events).bridge, indicator('v17-14400-short-training'), RULES);
      return effects.flatMap((one) => (one.do === 'order' && one.order.do === 'send-page' ? [one.order] : []))[0];
    };
    const plainOrder = [...DCS.slice(0, 5), 0x00];
    expect(image(DCS)).toEqual({ do: 'send-page', modulation: 146, filler: 'flags', lead: 250 });
    expect(image(plainOrder)).toEqual({ do: 'send-page', modulation: 146, filler: 'zeros' });
  });

  it('X-1: promises the far machine nothing that the peers did not agree on', () => {
    const slow = { ...RULES, maxBitRate: 9_600, ecm: false };
    const { bridge } = play([{ on: 'far-called', digits: '1' }, { on: 'far-opened' }, carrier(3)], slow);
    const [, effects] = stepBridge(bridge, heard(...DIS), slow);
    const [first] = effects.flatMap((one) => (one.do === 'say' && one.packet.kind === 'data' ? one.packet.fields : []));
    const { frame } = readFrame(reverseBits(first?.octets ?? new Uint8Array(0)));
    expect(readCapabilities(frame?.information ?? new Uint8Array(0))).toMatchObject({
      modulations: ['v27ter-2400', 'v27ter-4800', 'v29'],
      ecm: false,
    });
  });

  it('X-1: asks for T.38 when the machine speaks, and says what it said once T.38 is there', () => {
    const early: readonly BridgeEvent[] = [
      { on: 'far-called', digits: '1' },
      carrier(3),
      heard(...DIS),
      done('hear-frames'),
    ];
    expect(play(early).words).toEqual(['dial', 'tell fax-heard', 'hear-frames']);
    expect(following(early, { on: 'far-opened' }, { on: 'waited', name: 'replay' })).toEqual([
      'ced',
      'v21-preamble',
      'wait replay',
      'says DIS',
      'no-signal',
    ]);
  });

  it('X-1: hangs up behind DCN of either side, and tells the end once', () => {
    const DCN = [0x13, 0xfb];
    const farEnds = [...PAGE_HEARD, ...said(...DCN), done('send-frames'), { on: 'far-closed' } as const];
    expect(play(farEnds).words.slice(-2)).toEqual(['hang-up', 'tell over']);
    const machineEnds = [carrier(3), heard(...DCN), done('hear-frames'), { on: 'waited', name: 'linger' } as const];
    expect(following(PAGE_HEARD, ...machineEnds).slice(-4)).toEqual([
      'no-signal',
      'hang-up',
      'wait linger',
      'tell over',
    ]);
  });

  it('X-1: lets nobody wait for ever when both sides are silent', () => {
    const beats = Array.from({ length: 20 }, (): BridgeEvent => ({ on: 'waited', name: 'watch' }));
    expect(play([...DIS_PLAYED, ...beats]).words.filter((word) => word === 'tell over')).toHaveLength(1);
  });
});

describe('whatever modem and network say', () => {
  const octets = fc.uint8Array({ maxLength: 40 });
  const packet: fc.Arbitrary<IfpPacket> = fc.oneof(
    fc.constantFrom(...INDICATORS).map(indicatorPacket),
    fc.record({
      kind: fc.constant('data' as const),
      data: fc.constantFrom(...DATA_TYPES),
      fields: fc.array(fc.record({ type: fc.constantFrom(...FIELD_TYPES), octets }), { maxLength: 3 }),
    }),
  );
  const orders = ['hear-frames', 'hear-page', 'send-frames', 'send-page', 'end-page', 'stop', 'dial'] as const;
  const news: fc.Arbitrary<FaxModemNews> = fc.oneof(
    fc.record({ on: fc.constant('carrier' as const), signal: fc.constantFrom(3, 145, 146, 24, 96, 7) }),
    fc.record({ on: fc.constant('frame' as const), octets, good: fc.boolean() }),
    fc.constantFrom(DCS, DIS, CFR, MCF, PPS).map((one) => ({
      on: 'frame' as const,
      octets: Uint8Array.of(0xff, ...one),
      good: true,
    })),
    fc.record({ on: fc.constant('page' as const), octets }),
    fc.constantFrom<FaxModemNews>({ on: 'no-carrier' }, { on: 'fcerror' }, { on: 'carrier-dropped' }),
    fc.constantFrom(...orders).map((order) => ({ on: 'done' as const, order })),
    fc.constantFrom(...orders).map((order) => ({ on: 'refused' as const, order, because: 'error' })),
  );
  const event: fc.Arbitrary<BridgeEvent> = fc.oneof(
    { weight: 5, arbitrary: news.map(modem) },
    { weight: 5, arbitrary: packet.map((one): BridgeEvent => ({ on: 'packet', packet: one })) },
    {
      weight: 1,
      arbitrary: fc.constantFrom<BridgeEvent>(
        { on: 'packets-missing' },
        { on: 'loss-seen', loss: { judged: 124, lost: 9, longestRun: 4 } },
        { on: 'loss-seen', loss: { judged: 124, lost: 0, longestRun: 0 } },
        { on: 'far-opened' },
        { on: 'far-closed' },
        { on: 'waited', name: 'watch' },
        { on: 'waited', name: 'lull' },
        { on: 'waited', name: 'replay' },
      ),
    },
  );

  it('X-1, X-5: nothing throws, the end is told at most once, and nothing is ordered or told behind it', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.array(event, { maxLength: 120 }), (outgoing, events) => {
        const begin: BridgeEvent = outgoing ? { on: 'machine-called' } : { on: 'far-called', digits: '1' };
        const { words } = play([begin, ...events]);
        const end = words.indexOf('tell over');
        expect(end < 0 ? [] : words.slice(end + 1)).toEqual([]);
      }),
      { numRuns: 400, seed: 7 },
    );
  });
});
