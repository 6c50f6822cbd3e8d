import { describe, expect, it } from 'vitest';
import { readCapabilities } from '../../../../agent/fax/t30/capabilities.ts';
import { readCommand } from '../../../../agent/fax/t30/command.ts';
import { type Frame, readFrame } from '../../../../agent/fax/t30/frame.ts';
import { readIdentity } from '../../../../agent/fax/t30/identity.ts';
import { readEcmFrame, readPartialPage } from '../../../../agent/fax/t30/partial-page.ts';
import { gather, startBurst } from '../../../../agent/fax/t38/hdlc-burst.ts';
import type { IfpPacket, T38Version } from '../../../../agent/fax/t38/ifp.ts';
import { readIfp } from '../../../../agent/fax/t38/read-ifp.ts';
import { stepReceiver } from '../../../../agent/fax/t38/receiver.ts';
import { startReceiver } from '../../../../agent/fax/t38/receiver-state.ts';
import { startSender, stepSender } from '../../../../agent/fax/t38/sender.ts';
import type { SenderNews } from '../../../../agent/fax/t38/sender-state.ts';
import { writeIfp } from '../../../../agent/fax/t38/write-ifp.ts';
import { millis } from '../../../../agent/model/units.ts';
import { CLEAN_PATH, createLossyPath } from '../../../../hw-sim/fax/lossy-path.ts';
import { seededFractions } from '../../../../hw-sim/kernel/seeded-random.ts';
import { createSimClock } from '../../../../hw-sim/site/sim-clock.ts';
import { hex, unhex } from './hex.ts';
import { type Traced, traceSpandsp } from './spandsp.ts';

const TRACES = ([0, 3] as const).flatMap((version) =>
  [false, true].map((ecm) => ({ version, ecm, ...traceSpandsp(version, ecm) })),
);

const packetsOf = (packets: readonly Traced[], version: T38Version): readonly (IfpPacket | undefined)[] =>
  packets.map(({ octets }) => readIfp(unhex(octets), version).packet);

/** All frames of one side, whatever they were carried by. */
function framesOf(packets: readonly Traced[], from: string, version: T38Version): readonly Frame[] {
  let burst = startBurst();
  return packetsOf(
    packets.filter((packet) => packet.from === from),
    version,
  ).flatMap((packet) => {
    const [after, news] = packet ? gather(burst, packet) : [burst, []];
    burst = after;
    return news.flatMap((one) => (one.on === 'frame-heard' && one.good ? (readFrame(one.octets).frame ?? []) : []));
  });
}

describe('a whole fax of spandsp, read by us (X-1)', () => {
  it.each(TRACES)(
    'X-1: version $version, ECM $ecm: each packet is read, and written again as it was',
    ({ version, packets, result }) => {
      expect(result).toBe('result 0 0 1');
      expect(packets.length).toBeGreaterThan(500);
      for (const { octets } of packets) {
        const { packet, obstacle } = readIfp(unhex(octets), version);
        expect(obstacle).toBeUndefined();
        expect(packet && hex(writeIfp(packet, version).octets ?? unhex(''))).toBe(octets);
      }
    },
  );

  it.each(TRACES)('X-1: version $version, ECM $ecm: the frames tell the fax', ({ version, ecm, packets }) => {
    const called = framesOf(packets, 'called', version);
    const caller = framesOf(packets, 'caller', version);
    const page = caller.filter(({ kind }) => kind === 'FCD' || kind === 'RCP');
    const signals = caller.filter(({ kind }) => kind !== 'FCD' && kind !== 'RCP');
    expect(called.map(({ kind }) => kind)).toEqual(['CSI', 'DIS', 'CFR', 'MCF']);
    expect(signals.map(({ kind }) => kind)).toEqual(['TSI', 'DCS', ecm ? 'PPS' : 'EOP', 'DCN']);
    expect(signals.every(({ x }) => x)).toBe(true);
    expect(called.some(({ x }) => x)).toBe(false);
    const [csi, dis] = called;
    const [tsi, dcs, end] = signals;
    expect([csi, tsi].map((frame) => readIdentity(frame?.information ?? unhex('')))).toEqual([
      '+33 4 00 00 00 01',
      '+33 1 23 45 67 89',
    ]);
    expect(readCapabilities(dis?.information ?? unhex(''))).toMatchObject({
      modulations: ['v27ter-2400', 'v27ter-4800', 'v29', 'v17'],
      readyToReceive: true,
      twoDimensional: true,
      ecm,
      mmr: ecm,
    });
    expect(readCommand(dcs?.information ?? unhex(''))).toMatchObject({
      rate: 'v17-14400',
      width: 215,
      ecmFrame: ecm ? 256 : undefined,
    });
    if (!ecm) return;
    const numbers = page.flatMap(({ kind, information }) =>
      kind === 'FCD' ? (readEcmFrame(information)?.number ?? []) : [],
    );
    expect(readPartialPage(end?.information ?? unhex(''))).toEqual({
      after: 'EOP',
      page: 0,
      block: 0,
      frames: numbers.length,
    });
    expect(numbers).toEqual(numbers.map((_, k) => k));
    expect(page.slice(-3).map(({ kind }) => kind)).toEqual(['RCP', 'RCP', 'RCP']);
  });

  it.each(TRACES)(
    'X-1: version $version, ECM $ecm: carried by us over a path that loses 10 %, all of it arrives in order',
    ({ version, packets }) => {
      for (const from of ['caller', 'called']) {
        const said = packets.filter((packet) => packet.from === from);
        expect(carried(said, version)).toEqual(said.map(({ octets }) => octets));
      }
    },
  );
});

function carried(said: readonly Traced[], version: T38Version): readonly string[] {
  const clock = createSimClock(millis(0));
  const path = createLossyPath({ ...CLEAN_PATH, loss: 0.1 }, seededFractions(11));
  const heard: string[] = [];
  let sender = startSender();
  let receiver = startReceiver();
  const hear = (octets: Uint8Array | undefined): void => {
    const news = octets
      ? ({ on: 'datagram-heard', octets, now: clock.mono() } as const)
      : ({ on: 'waited', now: clock.mono() } as const);
    const [after, effects] = stepReceiver(receiver, news, { version, patience: millis(400) });
    receiver = after;
    for (const effect of effects) {
      if (effect.do === 'deliver') heard.push(hex(effect.octets));
      if (effect.do === 'wait') clock.after(effect.for, () => hear(undefined));
    }
  };
  const step = (news: SenderNews): void => {
    const [after, effects] = stepSender(sender, news, { version, largest: 1_400, repair: 'secondaries' });
    sender = after;
    for (const effect of effects) {
      if (effect.do === 'send')
        for (const time of path.carry(clock.mono())) clock.after(time, () => hear(effect.octets));
      if (effect.do === 'wait') clock.after(effect.for, () => step({ on: 'waited', now: clock.mono() }));
    }
  };
  for (const { at, octets } of said) {
    clock.runUntil(millis(at));
    const { packet } = readIfp(unhex(octets), version);
    if (packet) step({ on: 'packet-made', packet, now: clock.mono() });
  }
  clock.advance(millis(1_000));
  return heard;
}
