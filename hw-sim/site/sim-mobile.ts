import { Fault } from '../../agent/model/fault.ts';
import { millis } from '../../agent/model/units.ts';
import type { HttpsPost } from '../../agent/ports/https-post.ts';
import type { SwapJournal } from '../../agent/ports/swap-journal.ts';
import type { OpenSerialLine } from '../../firmware-ts/wires/serial-line.ts';
import type { FamilyName } from '../devices/at-families.ts';
import { type AtModem, createAtModem } from '../devices/at-modem.ts';
import { type ModemState, servedBy } from '../devices/at-modem-state.ts';
import { createMemoryCable } from '../devices/memory-wires.ts';
import type { Card } from '../uicc/card.ts';
import { insertEuicc } from '../uicc/insert-euicc.ts';
import type { Life } from './life.ts';
import type { SimClock } from './sim-clock.ts';

export type MobileRules = {
  readonly family: FamilyName;
  /** Name of the link that goes over it. */
  readonly link: string;
  /** Cards, networks and contexts at the beginning. */
  readonly start: Partial<ModemState>;
  /** In the first holder, in place of the card there. */
  readonly euicc?: Card;
  /** The way to the servers of profiles. */
  readonly https: HttpsPost;
};

/** What one life of the agent has of the modem: its line, the way to servers, and two files that outlive it. */
export type MobilePorts = {
  readonly line: OpenSerialLine;
  readonly https: HttpsPost;
  readonly journal: SwapJournal;
  readonly smsBook: SwapJournal;
};

export type SimMobile = {
  readonly modem: AtModem;
  port(life: Life): MobilePorts;
  /** Whether the network that serves the modem passes on what the link brings it. */
  passes(link: string): boolean;
  losePower(): void;
  /** The book of short messages as it lies on the medium. */
  smsBook(): string | undefined;
};

/**
 * The modem of a simulated site, on a cable that a dead agent lets go of. Left out: that packets of the link need an open
 * context; and cuts in the middle of writing a file, which are hw-sim/bench/sim-cuts.ts.
 */
export function createSimMobile(clock: SimClock, { family, link, start, euicc, https }: MobileRules): SimMobile {
  const cable = createMemoryCable();
  const modem = createAtModem(cable.end, { family });
  modem.set(start);
  const reread = euicc === undefined ? () => undefined : insertEuicc(modem, euicc, { slot: 0 });
  const journal = createFile();
  const smsBook = createFile();
  const open = (life: Life): OpenSerialLine => {
    life.atEnd(() => {
      cable.unplug();
      cable.plug();
    });
    return () => (life.alive() ? cable.open() : Promise.reject(new Fault('modem.silent', { line: 'of a dead life' })));
  };
  return {
    modem,
    smsBook: () => smsBook.content(),
    port: (life) => ({
      line: open(life),
      https,
      journal: journal.open(clock, life),
      smsBook: smsBook.open(clock, life),
    }),
    passes(name) {
      const { network } = servedBy(modem.state());
      return name !== link || (network !== undefined && network.swallows !== true && network.isClogged !== true);
    },
    losePower() {
      euicc?.restart();
      modem.reset();
      reread();
    },
  };
}

const FLUSH = millis(4);

/** One text on the medium, as any life finds it. */
function createFile() {
  let content: string | undefined;
  const open = (clock: SimClock, life: Life): SwapJournal => ({
    read: () => content,
    keep(text, done) {
      if (!life.alive()) return;
      content = text;
      clock.after(
        FLUSH,
        life.hears(() => done(true)),
      );
    },
  });
  return { open, content: () => content };
}
