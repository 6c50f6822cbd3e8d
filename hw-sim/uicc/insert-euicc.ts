import type { AtModem } from '../devices/at-modem.ts';
import { createCard, type SimCard } from '../devices/at-modem-state.ts';
import { type CarrierHabits, carryApdus } from './at-card.ts';
import type { Card } from './card.ts';
import { type CardImage, imageOf } from './card-state.ts';

type Holder = CarrierHabits & {
  readonly slot: 0 | 1;
  /** A modem that does not notice a REFRESH shows the old card until its radio was off (lpac#236). */
  readonly missesRefresh?: true;
  /** The profiles ask for their PIN at each start; operators ship those for boxes without. */
  readonly asksPin?: true;
};

/**
 * An eUICC in a holder of a simulated modem: APDUs reach it while its holder is in use, and the baseband reads the profile
 * that is enabled. Answers how to have it read anew, as after a power cut. Left out: that a modem without an enabled profile may refuse ISD-R (lpac#242).
 */
export function insertEuicc(
  modem: AtModem,
  card: Card,
  { slot, missesRefresh, asksPin, ...habits }: Holder,
): () => void {
  const carry = carryApdus(card, habits);
  const reread = (): void => {
    const read = readBy(card, asksPin === true);
    const { slots } = modem.state();
    modem.set({ slots: slot === 0 ? [read, slots[1]] : [slots[0], read] });
  };
  modem.teach((line, truth) => {
    const { slot: inUse, power } = modem.state();
    const isCard = /^AT\+(?:CCHO|CGLA|CCHC|CSIM)=/i.test(line);
    if (isCard && (inUse !== slot || power === 0)) return ['\r\n+CME ERROR: 10\r\n'];
    const said = isCard ? carry(line) : undefined;
    if (said !== undefined) {
      if (missesRefresh === undefined) reread();
      return said;
    }
    if (!/^AT\+CFUN=|^AT(?:#REBOOT|!RESET|\+CRESET)$/i.test(line)) return undefined;
    // Power of the card goes with the radio's, and with a restart of the modem.
    card.restart();
    const answer = truth();
    queueMicrotask(reread);
    return [answer];
  });
  reread();
  return reread;
}

/** Nothing where no profile is enabled. */
function readBy(card: Card, asksPin: boolean): SimCard | undefined {
  const image = imageOf(card.state().kept);
  if (image === undefined) return undefined;
  return createCard({
    iccid: digits(image, '3F00/2FE2'),
    imsi: digits(image, '3F00/7FFF/6F07').slice(3),
    pin: image.pin.value,
    puk: image.puk.value,
    pinTries: image.pin.tries,
    pukTries: image.puk.tries,
    locked: asksPin && image.asksPin,
  });
}

/** EF ICCID and EF IMSI: swapped nibbles; the IMSI has its length and its parity before it (TS 31.102 4.2.2). */
const digits = ({ files }: CardImage, path: string): string =>
  (files[path]?.content ?? '').replace(/(.)(.)/g, '$2$1').replace(/F+$/i, '');
