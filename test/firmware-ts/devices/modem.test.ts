import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { millis, minutes, seconds } from '../../../agent/model/units.ts';
import type { Handed, StoredPdu } from '../../../agent/ports/messages.ts';
import { order } from '../../../firmware-ts/devices/at/command.ts';
import { ACTIVE_CONTEXTS } from '../../../firmware-ts/devices/at/commands/data-context.ts';
import { lowerContext, raiseContext } from '../../../firmware-ts/devices/data-link.ts';
import { createMessages } from '../../../firmware-ts/devices/message-memory.ts';
import { createModem } from '../../../firmware-ts/devices/modem.ts';
import { createPinKeeper, type PinOutcome } from '../../../firmware-ts/devices/pin-keeper.ts';
import { PIN_REMEDIES } from '../../../firmware-ts/devices/pin-rules.ts';
import { readRadio } from '../../../firmware-ts/devices/radio.ts';
import { readCard } from '../../../firmware-ts/devices/sim-card.ts';
import { FAMILIES, type FamilyName } from '../../../hw-sim/devices/at-families.ts';
import { createAtModem } from '../../../hw-sim/devices/at-modem.ts';
import { createCard, ORANGE, SFR, type SimCard } from '../../../hw-sim/devices/at-modem-state.ts';
import { createMemoryCable } from '../../../hw-sim/devices/memory-wires.ts';
import { createSimClock } from '../../../hw-sim/site/sim-clock.ts';
import { answerWithin, letPass } from '../let-pass.ts';

function bench(family: FamilyName = 'plain', card: Partial<SimCard> = {}, other?: SimCard) {
  const clock = createSimClock(millis(0));
  const cable = createMemoryCable();
  const sim = createAtModem(cable.end, { family });
  sim.set({ slots: [createCard(card), other] });
  const modem = createModem(cable.open, clock);
  const within = <T>(answer: Promise<T>) => answerWithin(clock, minutes(10), answer);
  return { clock, cable, sim, modem, within };
}

const families = Object.keys(FAMILIES) as FamilyName[];

describe('S-12: the radio and the card of every family', () => {
  it.each(families)('%s', async (family) => {
    const { modem, within } = bench(family);
    expect(await within(readRadio(modem))).toMatchObject({
      registration: { state: 'home' },
      technology: '4G',
      operator: { name: 'Orange F', network: '20801', technology: '4G' },
      signal: { rssiDbm: -73 },
      detail: { rsrpDbm: -96, rsrqDb: -9 },
    });
    const card = await within(readCard(modem));
    expect(card).toMatchObject({
      iccid: '8933012345678901234',
      imsi: '208011234567890',
      imei: '867584030012345',
      inserted: true,
      pin: { wants: 'nothing' },
      tries: { pin: 3, puk: 10 },
      memory: { used: 0, total: 10 },
    });
    expect(card?.slot).toBe(['EM12', 'EG916Q', 'LE910', 'EM7565', 'FM350'].includes(family) ? 1 : undefined);
  });

  it.each(['EM12', 'EG916Q', 'LE910', 'EM7565', 'FM350'] as const)(
    'the other slot of %s is chosen by its dialect',
    async (family) => {
      const { modem, within } = bench(
        family,
        {},
        createCard({ iccid: '8933109999999999999', imsi: '208101234567890' }),
      );
      const slot = (await within(modem.dialect()))?.slot;
      if (slot === undefined) throw new Error('this family has slots');
      const second = slot.choose.replace('{slot}', String(slot.first + 1));
      for (const line of [...slot.before, 'AT+CFUN=0', second, 'AT+CFUN=1'])
        expect(await within(modem.ask(order(line)))).toEqual({ at: 'answered', value: true });
      expect(await within(readCard(modem))).toMatchObject({ slot: 2, iccid: '8933109999999999999' });
    },
  );

  it('a data context comes up with its address, and not where the network refuses', async () => {
    const { sim, modem, within } = bench('EC25');
    const context = { id: 1, type: 'IPV4V6', accessPoint: 'orange.m2m' } as const;
    expect(await within(raiseContext(modem, context))).toMatchObject({ so: 'up', address: { address: '10.64.3.7' } });
    expect(await within(lowerContext(modem, 1))).toBe(true);
    expect(await within(modem.ask(ACTIVE_CONTEXTS))).toEqual({ at: 'answered', value: [] });
    sim.set({ networks: [{ ...ORANGE, rejects: 15 }] });
    expect(await within(raiseContext(modem, context))).toMatchObject({ so: 'refused', refusal: { code: 30 } });
    sim.teach(() => []);
    expect(await within(raiseContext(modem, context))).toEqual({ so: 'away' });
  });

  it('shows temperature where the family has a word for it', async () => {
    for (const family of ['EC25', 'SIM7600', 'LE910', 'FM350'] as const) {
      const { modem, within } = bench(family);
      expect((await within(readRadio(modem)))?.temperature).toBe(38);
    }
  });

  it('shows roaming, refusal and absence as they are', async () => {
    const { sim, modem, within } = bench('EC25');
    sim.set({ networks: [SFR] });
    expect(await within(readRadio(modem))).toMatchObject({
      registration: { state: 'roaming' },
      operator: { network: '20810' },
    });
    sim.set({ networks: [{ ...ORANGE, rejects: 15 }, SFR] });
    expect(await within(readRadio(modem))).toMatchObject({ registration: { state: 'roaming' } });
    sim.set({ networks: [{ ...ORANGE, rejects: 15 }], reporting: { CEREG: 3 } });
    expect(await within(readRadio(modem))).toMatchObject({
      registration: { state: 'denied', reject: { cause: 15, ofMaker: false } },
      operator: { name: undefined, network: undefined },
    });
    sim.set({ networks: [] });
    expect((await within(readRadio(modem)))?.registration?.state).toBe('searching');
  });

  it('says that no card is inserted, or that a modem is not there', async () => {
    const { cable, sim, modem, within } = bench('EC25');
    sim.set({ simInserted: false });
    expect(await within(readCard(modem))).toMatchObject({ inserted: false, iccid: undefined });
    cable.unplug();
    expect(await within(readCard(modem))).toBeUndefined();
    expect(await within(readRadio(modem))).toBeUndefined();
  });
});

describe('S-8: PIN and PUK', () => {
  it.each(families)('a %s is opened with the right code', async (family) => {
    const { sim, modem, within } = bench(family, { locked: true });
    const keeper = createPinKeeper(modem);
    expect((await within(readCard(modem)))?.pin).toEqual({ wants: 'pin' });
    expect(await within(keeper.enter('4711'))).toEqual({ so: 'accepted' });
    expect(sim.state().slots[0]?.verified).toBe(true);
    expect(await within(keeper.enter('4711'))).toEqual({ so: 'refused', why: 'not-asked' });
  });

  it.each(families)('a %s is never asked its last try', async (family) => {
    const { sim, modem, within } = bench(family, { locked: true });
    const keeper = createPinKeeper(modem);
    expect(await within(keeper.enter('0001'))).toEqual({ so: 'wrong', left: { pin: 2, puk: 10 } });
    expect(await within(keeper.enter('0001'))).toEqual({ so: 'refused', why: 'same-code-again' });
    expect(await within(keeper.enter('0002'))).toEqual({ so: 'wrong', left: { pin: 1, puk: 10 } });
    expect(await within(keeper.enter('4711'))).toEqual({ so: 'refused', why: 'last-try' });
    expect(sim.state().slots[0]?.pinTries).toBe(1);
  });

  it('a blocked card takes one PUK without an order, more with one, and never the last', async () => {
    const { sim, modem, within } = bench('EC25', { locked: true, pinTries: 0 });
    const keeper = createPinKeeper(modem);
    expect(await within(keeper.enter('4711'))).toEqual({ so: 'refused', why: 'puk-asked' });
    expect(await within(keeper.unblock('00000001', '4711'))).toEqual({ so: 'wrong', left: { pin: 0, puk: 9 } });
    expect(await within(keeper.unblock('00000002', '4711'))).toEqual({ so: 'refused', why: 'puk-used-before' });
    for (let n = 2; n <= 9; n += 1)
      expect((await within(keeper.unblock(`0000000${n}`, '4711', { ordered: true }))).so).toBe('wrong');
    expect(sim.state().slots[0]?.pukTries).toBe(1);
    expect(await within(keeper.unblock('98765432', '4711', { ordered: true }))).toEqual({
      so: 'refused',
      why: 'last-try',
    });
  });

  it('a blocked card is opened by the right PUK, and locked, unlocked and changed', async () => {
    const { sim, modem, within } = bench('SARA', { locked: true, pinTries: 0 });
    const keeper = createPinKeeper(modem);
    expect(await within(keeper.unblock('98765432', '2580'))).toEqual({ so: 'accepted' });
    expect(await within(keeper.change('2580', '1470'))).toEqual({ so: 'accepted' });
    expect(await within(keeper.lock(false, '1470'))).toEqual({ so: 'accepted' });
    expect(sim.state().slots[0]).toMatchObject({ locked: false, pin: '1470', pinTries: 3 });
    expect(await within(keeper.lock(true, '1470'))).toEqual({ so: 'accepted' });
    expect(await within(keeper.lock(true, 'abcd'))).toEqual({ so: 'refused', why: 'malformed' });
  });

  it('tries that cannot be read are not spent, and a lost answer is not asked for again', async () => {
    const { sim, modem, within } = bench('EC25', { locked: true });
    const forget = sim.teach((line) => (/QPINC|CPINR|CSIM/.test(line) ? ['\r\nERROR\r\n'] : undefined));
    const keeper = createPinKeeper(modem);
    expect(await within(keeper.enter('4711'))).toEqual({ so: 'refused', why: 'tries-unknown' });
    forget();
    let entered = 0;
    const deaf = sim.teach((line, truth) => {
      if (!line.includes('CPIN=')) return undefined;
      entered += 1;
      return truth() === '' ? undefined : [];
    });
    expect(await within(keeper.enter('4711'))).toEqual({ so: 'unknown' });
    deaf();
    expect(await within(keeper.enter('4711'))).toEqual({ so: 'refused', why: 'not-asked' });
    expect(entered).toBe(1);
  });

  it('a busy card that counted nothing is told from a wrong code', async () => {
    const { sim, modem, within } = bench('EC25', { locked: true });
    const keeper = createPinKeeper(modem);
    const forget = sim.teach((line) => (line.includes('CPIN=') ? ['\r\n+CME ERROR: 14\r\n'] : undefined));
    expect(await within(keeper.enter('4711'))).toEqual({ so: 'not-taken' });
    forget();
    expect(await within(keeper.enter('4711'))).toEqual({ so: 'accepted' });
    sim.set({ simInserted: false });
    expect(await within(keeper.enter('4711'))).toEqual({ so: 'refused', why: 'no-card' });
  });

  it('whatever is tried, in any order: a try is always left, and no code is told', async () => {
    const wish = fc.constantFrom('enter', 'unblock', 'ordered', 'lock', 'unlock', 'change', 'restart');
    const code = fc.constantFrom('4711', '9999', '8888', '98765432', '11111111', 'x');
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...families),
        fc.array(fc.tuple(wish, code, code), { maxLength: 25 }),
        async (family, tried) => {
          const { sim, modem, within } = bench(family, { locked: true });
          const keeper = createPinKeeper(modem);
          const acts: Readonly<Record<string, (a: string, b: string) => Promise<PinOutcome>>> = {
            enter: (a) => keeper.enter(a),
            unblock: (a, b) => keeper.unblock(a, b),
            ordered: (a, b) => keeper.unblock(a, b, { ordered: true }),
            lock: (a) => keeper.lock(true, a),
            unlock: (a) => keeper.lock(false, a),
            change: (a, b) => keeper.change(a, b),
          };
          for (const [act, a, b] of tried) {
            if (act === 'restart') sim.reset();
            const outcome = act === 'restart' ? undefined : await within(acts[act]?.(a, b) ?? keeper.enter(a));
            expect(JSON.stringify(outcome) ?? '').not.toMatch(/4711|9999|8888|98765432|11111111/);
            expect(sim.state().slots[0]?.pinTries).toBeGreaterThanOrEqual(1);
            expect(sim.state().slots[0]?.pukTries).toBeGreaterThanOrEqual(2);
          }
          expect(modem.channel.trace().join('\n')).not.toMatch(/4711|9999|8888|98765432|11111111/);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('says for each refusal what to do', () => {
    for (const remedy of Object.values(PIN_REMEDIES)) expect(remedy.length).toBeGreaterThan(20);
  });
});

describe('S-11: messages on the card', () => {
  const PDU = '0001000B913316325476F80000041234ABCD';
  const INCOMING = '00040B913316325476F8000062112280315240041234ABCD';

  function desk(family: FamilyName = 'EC25', card: Partial<SimCard> = {}) {
    const all = bench(family, card);
    let announced = 0;
    const messages = createMessages(all.modem, () => {
      announced += 1;
    });
    const ask = <T>(question: (done: (answer: T) => void) => void) =>
      all.within(new Promise<T>((done) => question(done)));
    return {
      ...all,
      announced: () => announced,
      send: (pdu: string) => ask<Handed>((done) => messages.send(pdu, done)),
      stored: () => ask<readonly StoredPdu[] | undefined>(messages.stored),
      erase: (index: number) => ask<boolean>((done) => messages.erase(index, done)),
      memory: () => ask<{ readonly used: number } | undefined>(messages.memory),
    };
  }

  it('are sent with their references, and refused with the code of the network', async () => {
    const { sim, send } = desk();
    expect(await send(PDU)).toEqual({ so: 'taken', reference: 0 });
    expect(await send(PDU)).toEqual({ so: 'taken', reference: 1 });
    expect(sim.state().sent).toEqual([PDU, PDU]);
    sim.teach((line) => (line.startsWith('\x1a') ? ['\r\n+CMS ERROR: 42\r\n'] : undefined));
    expect(await send(PDU)).toEqual({ so: 'refused', code: 42 });
  });

  it('whose fate nobody knows are told apart from those that never left', async () => {
    const { cable, sim, send } = desk();
    await send(PDU);
    sim.teach((line, truth) => (line.startsWith('\x1a') && truth() !== '' ? [] : undefined));
    expect(await send(PDU)).toEqual({ so: 'unknown' });
    expect(sim.state().sent).toHaveLength(2);
    cable.unplug();
    expect(await send(PDU)).toEqual({ so: 'kept' });
  });

  it('are announced, read and erased, and what the network kept for want of room follows', async () => {
    const { clock, sim, stored, erase, memory, announced } = desk('EC25', { messages: [undefined, undefined] });
    expect(await stored()).toEqual([]);
    for (let n = 0; n < 3; n += 1) sim.arrive(INCOMING);
    await letPass(clock, seconds(1));
    expect(announced()).toBe(2);
    expect(await memory()).toEqual({ storage: 'SM', used: 2, total: 2 });
    expect(await stored()).toEqual([
      { index: 0, kind: 'unread', pdu: INCOMING },
      { index: 1, kind: 'unread', pdu: INCOMING },
    ]);
    expect(await erase(0)).toBe(true);
    await letPass(clock, seconds(1));
    expect(announced()).toBe(3);
    expect(await erase(1)).toBe(true);
    expect((await stored())?.map(({ index }) => index)).toEqual([0]);
  });

  it('are kept in the memory of a modem that does not let them onto the card', async () => {
    const { sim, stored } = desk();
    sim.teach((line) => (line.startsWith('AT+CPMS="SM"') ? ['\r\n+CMS ERROR: 302\r\n'] : undefined));
    sim.arrive(INCOMING);
    expect(await stored()).toHaveLength(1);
  });

  it('are read after a restart as before it', async () => {
    const { sim, stored } = desk('LE910');
    await stored();
    sim.arrive(INCOMING);
    sim.reset();
    // The first question notices the echo; with it the modem is told again how messages are wanted.
    await stored();
    expect(await stored()).toMatchObject([{ pdu: INCOMING }]);
  });
});
