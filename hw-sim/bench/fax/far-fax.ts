import { millis } from '../../../agent/model/units.ts';
import type { MachineSide } from '../../fax/modem-works.ts';
import type { PhoneSignal } from '../../fax/phone-signal.ts';
import type { FarEnd, FarLeg } from '../../fax/sim-fax-calls.ts';
import type { SimClock } from '../../site/sim-clock.ts';
import { createFaxSite, type FaxSite } from './fax-site.ts';

export type FarFax<M> = FarEnd & {
  readonly machine: () => M | undefined;
  /** Whether the far end has its line back. */
  readonly isOver: () => boolean;
};

type FarWish<M> = {
  readonly clock: SimClock;
  readonly make: (say: (signal: PhoneSignal) => number) => M;
  readonly takesFax?: true | number;
  /** It answers after so long; undefined: it calls, and offers nothing itself. */
  readonly answersAfter?: number;
};

/** A fax machine behind a T.38 gateway at the other end of a call: it answers and turns the call to T.38, or calls. */
export function createFarFax<M extends MachineSide>(wish: FarWish<M>): FarFax<M> {
  const { clock, answersAfter, takesFax = true } = wish;
  let site: FaxSite<M> | undefined;
  let over = false;
  return {
    takesFax,
    machine: () => site?.machine,
    isOver: () => over,
    called(leg: FarLeg) {
      const made = createFaxSite<M>(clock, {}, wish.make, {
        send: leg.send,
        faxHeard: () => {
          leg.answer();
          if (takesFax === true) leg.offerFax();
        },
      });
      site = made;
      const watch = (): void => {
        if (over) return;
        if (made.isOver()) return leg.hangUp();
        clock.after(millis(100), watch);
      };
      watch();
      const begin = (): void => {
        if (answersAfter === undefined) return;
        leg.ring();
        made.bridge.call({ on: 'far-called', digits: '1' });
      };
      clock.after(millis(answersAfter ?? 0), begin);
      return (news) => {
        switch (news.on) {
          case 'answered':
            return made.bridge.call({ on: 'machine-called' });
          case 'fax-opened':
            return made.bridge.call({ on: 'far-opened' });
          case 'heard':
            return made.bridge.hear(news.datagram);
          case 'over':
            over = true;
            return made.bridge.call({ on: 'far-closed' });
        }
      };
    },
  };
}
