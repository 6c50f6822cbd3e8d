import { describe, expect, it } from 'vitest';
import { isPin, isPuk, type PinRefusal, type PinWish, refusePin } from '../../../firmware-ts/devices/pin-rules.ts';

const open = { wants: 'nothing' } as const;
const pin = { wants: 'pin' } as const;
const puk = { wants: 'puk' } as const;
const fresh = { pin: 3, puk: 10 };

describe('S-8: when a code may be tried', () => {
  type Row = readonly [string, PinWish, Parameters<typeof refusePin>[1], boolean, PinRefusal | undefined];
  const rows: readonly Row[] = [
    ['a PIN that is asked', 'enter', { state: pin, tries: fresh }, false, undefined],
    ['a PIN with two tries', 'enter', { state: pin, tries: { pin: 2, puk: 10 } }, false, undefined],
    ['a PIN with one', 'enter', { state: pin, tries: { pin: 1, puk: 10 } }, false, 'last-try'],
    ['a PIN with one, ordered', 'enter', { state: pin, tries: { pin: 1, puk: 10 } }, true, 'last-try'],
    [
      'a PIN whose tries are not known',
      'enter',
      { state: pin, tries: { pin: undefined, puk: 10 } },
      true,
      'tries-unknown',
    ],
    ['a PIN that nobody asks for', 'enter', { state: open, tries: fresh }, false, 'not-asked'],
    ['a PIN where the PUK is asked', 'enter', { state: puk, tries: { pin: 0, puk: 10 } }, false, 'puk-asked'],
    ['a first PUK', 'unblock', { state: puk, tries: { pin: 0, puk: 10 } }, false, undefined],
    ['a second PUK', 'unblock', { state: puk, tries: { pin: 0, puk: 9 } }, false, 'puk-used-before'],
    ['a second PUK, ordered', 'unblock', { state: puk, tries: { pin: 0, puk: 9 } }, true, undefined],
    ['a last PUK, ordered', 'unblock', { state: puk, tries: { pin: 0, puk: 1 } }, true, 'last-try'],
    ['a PUK that nobody asks for', 'unblock', { state: pin, tries: fresh }, true, 'not-asked'],
    ['a PUK whose tries are not known', 'unblock', { state: puk, tries: undefined }, true, 'tries-unknown'],
    ['a lock of an open card', 'lock', { state: open, tries: fresh }, false, undefined],
    ['a change at the last try', 'change', { state: open, tries: { pin: 1, puk: 10 } }, false, 'last-try'],
    ['a card that says nothing', 'enter', { state: undefined, tries: fresh }, true, 'state-unknown'],
    [
      'a modem locked to a network',
      'enter',
      { state: { wants: 'other', lock: 'PH-NET PIN' }, tries: fresh },
      true,
      'other-lock',
    ],
  ];
  it.each(rows)('%s', (_, wish, card, ordered, refusal) => {
    expect(refusePin(wish, card, ordered)).toBe(refusal);
  });

  it('leaves a try in 100,000 random schedules of wrong and right codes', () => {
    let seed = 0x51a1;
    const roll = (sides: number) => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((seed / 2 ** 32) * sides);
    };
    const wishes: readonly PinWish[] = ['enter', 'unblock', 'lock', 'unlock', 'change'];
    for (let schedule = 0; schedule < 100_000; schedule += 1) {
      const card = { pin: roll(4), puk: 1 + roll(10), verified: false };
      const least = { pin: Math.min(card.pin, 1), puk: 1 };
      for (let attempt = 0; attempt < 15; attempt += 1) {
        const wish = wishes[roll(wishes.length)] ?? 'enter';
        const state = card.pin === 0 ? puk : card.verified ? open : pin;
        const tries = { pin: roll(10) === 0 ? undefined : card.pin, puk: roll(10) === 0 ? undefined : card.puk };
        if (refusePin(wish, { state, tries }, roll(2) === 0) !== undefined) continue;
        const right = roll(3) === 0;
        if (wish === 'unblock')
          Object.assign(card, right ? { pin: 3, puk: 10, verified: true } : { puk: card.puk - 1 });
        else Object.assign(card, right ? { pin: 3, verified: true } : { pin: card.pin - 1 });
        if (card.pin < least.pin || card.puk < least.puk) expect.fail(`${wish} spent the last try`);
      }
    }
  });

  it('takes for codes what TS 31.101 does', () => {
    expect(['1234', '12345678'].every(isPin)).toBe(true);
    expect(['123', '123456789', '12a4', ''].some(isPin)).toBe(false);
    expect(isPuk('12345678')).toBe(true);
    expect(isPuk('1234567')).toBe(false);
  });
});
