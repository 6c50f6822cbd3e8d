import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../agent/edge/system-clock.ts';
import { millis, minutes, seconds } from '../../../agent/model/units.ts';
import { createLineModem } from '../../../firmware-ts/devices/line-modem.ts';
import { createModem } from '../../../firmware-ts/devices/modem.ts';
import { serialPath } from '../../../firmware-ts/wires/node/serial-line.ts';
import type { FamilyName } from '../../../hw-sim/devices/at-families.ts';
import { createAtModem } from '../../../hw-sim/devices/at-modem.ts';
import { createCard, ORANGE, SFR } from '../../../hw-sim/devices/at-modem-state.ts';
import { createMemoryCable } from '../../../hw-sim/devices/memory-wires.ts';
import { createPty } from '../../../hw-sim/devices/pty.ts';
import { createSimClock } from '../../../hw-sim/site/sim-clock.ts';
import { answerWithin, letPass } from '../let-pass.ts';

const ORANGE_3G = { ...ORANGE, technology: 2 };
const UP = { 1: { type: 'IPV4V6', accessPoint: 'orange.m2m', up: true } };

function bench(family: FamilyName = 'EC25') {
  const clock = createSimClock(millis(0));
  const cable = createMemoryCable();
  const sim = createAtModem(cable.end, { family });
  sim.set({ slots: [createCard(), undefined], contexts: UP, networks: [ORANGE] });
  const line = createLineModem(createModem(cable.open, clock));
  const within = <T>(ask: (done: (answer: T) => void) => void) =>
    answerWithin(clock, minutes(10), new Promise<T>((done) => ask(done)));
  return { clock, cable, sim, line, within };
}

describe('S-3, S-5: the mobile line on a modem', () => {
  it('S-5: says where it is registered, and tells by itself when that changes', async () => {
    const { sim, line, within, clock } = bench();
    const heard: string[] = [];
    line.listen((news) => heard.push(news));
    expect(await within(line.registered)).toBe('home');
    sim.set({ networks: [SFR] });
    await letPass(clock, seconds(1));
    expect(heard).toContain('moved');
    expect(await within(line.registered)).toBe('roaming');
    sim.set({ networks: [] });
    expect(await within(line.registered)).toBe('no');
  });

  it.each(['EC25', 'SIM7600', 'plain'] as const)(
    'S-3, S-12: a %s without the 4G option keeps to 3G, and comes back',
    async (family) => {
      const { sim, line, within } = bench(family);
      sim.set({ networks: [ORANGE, ORANGE_3G] });
      expect(await within((done) => line.allow({ roaming: true, fourG: false }, done))).toBe(true);
      expect(sim.state().upTo3G).toBe(true);
      expect(await within(line.registered)).toBe('home');
      expect(await within((done) => line.allow({ roaming: true, fourG: true }, done))).toBe(true);
      expect(sim.state().upTo3G).toBe(false);
    },
  );

  it('S-5: a Quectel does not register abroad while roaming is barred, and says the setting only where it differs', async () => {
    const { sim, line, within } = bench();
    sim.set({ networks: [SFR] });
    const sent: string[] = [];
    sim.teach((text) => {
      sent.push(text);
      return undefined;
    });
    for (let turn = 0; turn < 2; turn += 1)
      expect(await within((done) => line.allow({ roaming: false, fourG: true }, done))).toBe(true);
    expect(sent.filter((text) => text.startsWith('AT+QCFG="roamservice",'))).toEqual(['AT+QCFG="roamservice",1,1']);
    expect(await within(line.registered)).toBe('no');
    await within((done) => line.allow({ roaming: true, fourG: true }, done));
    expect(await within(line.registered)).toBe('roaming');
  });

  it('S-3: takes the data context down and brings it up again; where the last one stays, it leaves the packet service', async () => {
    const { sim, line, within } = bench();
    expect(await within((done) => line.carry(false, done))).toBe(true);
    expect(sim.state().contexts[1]?.up).toBe(false);
    expect(await within((done) => line.carry(true, done))).toBe(true);
    expect(sim.state().contexts[1]?.up).toBe(true);
    sim.teach((text) => (text === 'AT+CGACT=0,1' ? ['\r\nERROR\r\n'] : undefined));
    expect(await within((done) => line.carry(false, done))).toBe(true);
    expect(sim.state().contexts[1]?.up).toBe(false);
  });

  it('says that it was not done by a modem that is silent, refuses, or is gone', async () => {
    const { sim, cable, line, within } = bench();
    sim.set({ networks: [] });
    await within((done) => line.carry(false, done));
    expect(await within((done) => line.carry(true, done))).toBe(false);
    cable.unplug();
    expect(await within((done) => line.carry(false, done))).toBe(false);
    expect(await within((done) => line.allow({ roaming: false, fourG: false }, done))).toBe(false);
    expect(await within((done) => line.serve(false, done))).toBe(false);
    expect(await within(line.registered)).toBeUndefined();
  });

  it('S-3: a terminated line leaves the network; a start of the modem is told', async () => {
    const { sim, line, within, clock } = bench();
    const heard: string[] = [];
    line.listen((news) => heard.push(news));
    expect(await within((done) => line.serve(false, done))).toBe(true);
    expect(await within(line.registered)).toBe('no');
    sim.reset();
    await letPass(clock, seconds(1));
    expect(heard).toContain('began');
    expect(await within(line.registered)).toBe('home');
  });
});

describe('S-5: the same over a pty', () => {
  let close: (() => Promise<void>) | undefined;
  afterEach(() => close?.());

  it('the network that it comes to is told, and the context goes down', async () => {
    const pty = await createPty();
    const sim = createAtModem(pty.end, { family: 'EC25' });
    sim.set({ slots: [createCard(), undefined], contexts: UP, networks: [ORANGE] });
    const modem = createModem(serialPath(pty.path, 115_200), systemClock());
    close = async () => {
      await modem.close();
      await pty.close();
    };
    const line = createLineModem(modem);
    const moved = new Promise((done) => line.listen((news) => news === 'moved' && done(news)));
    expect(await new Promise((done) => line.registered(done))).toBe('home');
    sim.set({ networks: [SFR] });
    expect(await moved).toBe('moved');
    expect(await new Promise((done) => line.registered(done))).toBe('roaming');
    expect(await new Promise((done) => line.carry(false, done))).toBe(true);
    expect(sim.state().contexts[1]?.up).toBe(false);
  });
});
