import { readFileSync } from 'node:fs';
import type { LedgerEvent } from '../../agent/model/record.ts';
import { RegimeSchema } from '../../agent/model/regime.ts';
import type { SiteConfig } from '../../agent/model/site-config.ts';
import { millis } from '../../agent/model/units.ts';
import { createDeskWorld, type DeskWish, type DeskWorld } from '../../hw-sim/bench/fax/desk-world.ts';
import { createFarFax, type FarFax } from '../../hw-sim/bench/fax/far-fax.ts';
import { pagesFor } from '../../hw-sim/bench/fax/sample-document.ts';
import { createReceivingMachine, type ReceivingMachine } from '../../hw-sim/fax/receiving-machine.ts';
import { createSendingMachine, type SendingMachine } from '../../hw-sim/fax/sending-machine.ts';
import type { SimClock } from '../../hw-sim/site/sim-clock.ts';
import { siteConfig } from '../example-site.ts';

export const FAX_LINE = '+33172890009';
export const PARIS = '0142000001';
/** Wednesday, 4 March 2026, 10:00 in Paris. */
const TEN = 1_772_614_800_000;
export const TICKS_A_PAGE = 60 * 60_000;

const regime = (name: string) =>
  RegimeSchema.parse(
    JSON.parse(readFileSync(new URL(`../../provisioning/regimes/${name}.json`, import.meta.url), 'utf8')),
  );

/** A site with a fax machine on its own line. */
export function faxSite(name: 'mie' | 'cmi' | 'imesit' = 'mie'): SiteConfig {
  const site = siteConfig({ regime: regime(name) });
  return siteConfig({
    regime: site.regime,
    lines: [...site.lines, { number: FAX_LINE, label: 'Fax', plan: 'fax-metered' }],
    fax: {
      lines: [{ number: FAX_LINE, mode: 'machine', server: 'voice', user: 'fax', stationId: '+33 1 72 89 00 09' }],
    },
  });
}

/** The site's fax machine is on this number. */
export function siteAt(number: string, imageAtOnce = false): SiteConfig {
  const site = faxSite();
  const [line] = site.fax?.lines ?? [];
  if (line === undefined) throw new Error('a site with a fax line');
  return {
    ...site,
    lines: [{ number, label: 'Fax', plan: 'fax-metered' }],
    fax: { lines: [{ ...line, number, imageAtOnce }] },
  };
}

export const lent = (ticks: number): readonly LedgerEvent[] => [
  { kind: 'cycle-opened', cycle: 1 },
  { kind: 'lease-received', lease: { id: 'lease', account: 'account', cycle: 1, ticks, bundleSeconds: 0 } },
];

export type FaxStory = {
  readonly world: DeskWorld;
  /** Lays so many pages in and dials. */
  readonly send: (pages: number, number?: string) => SendingMachine;
  readonly far: () => FarFax<ReceivingMachine> | undefined;
};

type StoryWish = Partial<DeskWish> & { readonly takesFax?: true | number; readonly answersAfter?: number };

/** A machine that sends its pages to the site; it calls. */
export const farSender = (clock: SimClock, pages: number): FarFax<SendingMachine> =>
  createFarFax({
    clock,
    make: (say) => createSendingMachine({ clock, say, fastest: 145, ecm: true, pages: pagesFor(pages, true) }),
  });

/** The machine of the site, and a fax machine under every number that it may dial. */
export function faxStory(wish: StoryWish = {}): FaxStory {
  let far: FarFax<ReceivingMachine> | undefined;
  const reached = (_: string, clock: SimClock): FarFax<ReceivingMachine> => {
    const made = createFarFax<ReceivingMachine>({
      ...{ clock, answersAfter: wish.answersAfter ?? 3_000 },
      make: (say) => createReceivingMachine({ clock, say, ecm: true }),
      ...(wish.takesFax === undefined ? {} : { takesFax: wish.takesFax }),
    });
    far = made;
    return made;
  };
  const world = createDeskWorld({
    ...{ seed: 'fax', wall: millis(TEN), config: faxSite(), given: lent(1_000 * TICKS_A_PAGE), reached },
    ...wish,
  });
  return {
    world,
    far: () => far,
    send(pages, number = PARIS) {
      const { clock } = world;
      const machine = world.connect((say) =>
        createSendingMachine({ clock, say, fastest: 145, ecm: true, pages: pagesFor(pages, true) }),
      );
      world.handset.dial(number);
      return machine;
    },
  };
}

export const faxEvents = (world: DeskWorld): readonly LedgerEvent[] =>
  world.events().filter(({ kind }) => kind.startsWith('fax-'));
