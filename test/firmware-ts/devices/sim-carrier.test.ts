import { describe, expect, it } from 'vitest';
import { millis, seconds } from '../../../agent/model/units.ts';
import { createModem } from '../../../firmware-ts/devices/modem.ts';
import { createSimModem } from '../../../firmware-ts/devices/sim-modem.ts';
import type { FamilyName } from '../../../hw-sim/devices/at-families.ts';
import { createAtModem } from '../../../hw-sim/devices/at-modem.ts';
import { createCard, ORANGE, SFR, servedBy } from '../../../hw-sim/devices/at-modem-state.ts';
import { createMemoryCable } from '../../../hw-sim/devices/memory-wires.ts';
import { createSimClock } from '../../../hw-sim/site/sim-clock.ts';
import { answerWithin } from '../let-pass.ts';

/** A modem of a family that kept Orange's configuration, with a card of SFR in it. */
function createKeeper(family: FamilyName) {
  const clock = createSimClock(millis(0));
  const cable = createMemoryCable();
  const modem = createAtModem(cable.end, { family });
  modem.set({
    networks: [ORANGE, SFR],
    slots: [createCard({ imsi: '208100000000002' }), undefined],
    carrier: { of: 'orange', byCard: false, dropped: false },
  });
  const sim = createSimModem(createModem(cable.open, clock));
  const within = <T>(asks: (done: (answer: T) => void) => void): Promise<T> =>
    answerWithin(clock, seconds(60), new Promise<T>(asks));
  return {
    modem,
    carrier: async () =>
      (await within<Parameters<Parameters<typeof sim.look>[0]>[0]>((done) => sim.look(done)))?.carrier,
    refit: () => within<void>((done) => sim.fit(done)),
  };
}

describe('S-1, S-9: the configuration of the operator before (VoCat#110)', () => {
  it.each<readonly [FamilyName, string]>([
    ['EC25', 'Orange-Commercial'],
    ['EM7565', 'ORANGE'],
    ['SARA', '46'],
    ['LE910', '14'],
  ])('%s tells that it works with %s, and registers the card once it may choose', async (family, name) => {
    const { modem, carrier, refit } = createKeeper(family);
    expect(servedBy(modem.state()).stat).toBe(2);
    expect(await carrier()).toBe(name);
    await refit();
    expect(modem.state().power).toBe(1);
    expect(servedBy(modem.state())).toMatchObject({ stat: 1, network: { number: SFR.number } });
  });

  it.each<FamilyName>(['SIM7600', 'FM350', 'EG916Q'])(
    '%s has no such word, or says that it fits every card',
    async (family) => {
      const { modem, carrier } = createKeeper(family);
      modem.set({ carrier: { of: 'all', byCard: false, dropped: false } });
      expect(await carrier()).toBeUndefined();
    },
  );
});
