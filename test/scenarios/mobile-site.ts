import type { LineOrder as TermsOrder } from '../../agent/model/mobile-line.ts';
import { type LedgerEvent, RecordSchema } from '../../agent/model/record.ts';
import type { SimOrder } from '../../agent/model/sim-swap.ts';
import type { SiteConfig } from '../../agent/model/site-config.ts';
import type { SmsOrder } from '../../agent/model/sms.ts';
import { minutes } from '../../agent/model/units.ts';
import { NEW, OLD, type PreparedEuicc, postTo, smdpWithOrders } from '../../hw-sim/bench/sim-cuts/prepared-euicc.ts';
import { exampleSite } from '../../hw-sim/day/day.ts';
import { createWholeSite, type WholeSite } from '../../hw-sim/day/whole-site.ts';
import type { FamilyName } from '../../hw-sim/devices/at-families.ts';
import { createCard, ORANGE, SFR, type SimCard, type SimNetwork } from '../../hw-sim/devices/at-modem-state.ts';
import { createEuicc } from '../../hw-sim/uicc/create-euicc.ts';
import { type LineStory, lineStories } from '../../provisioning/central/line-stories.ts';
import type { LineOrder } from '../../provisioning/registry/line-orders.ts';
import { letPass } from '../firmware-ts/let-pass.ts';

export const LINE = '+33612000001';
const base = exampleSite();
/** The example site, whose second link is a mobile one with a line of its own. */
export const CONFIG: SiteConfig = {
  ...base,
  links: base.links.map((link) => (link.kind === 'mobile' ? { ...link, line: LINE } : link)),
};
const DEVICE = CONFIG.device.id;

type MobileWish = {
  readonly seed: string;
  readonly prepared: PreparedEuicc;
  /** Two plain cards instead, OLD in the first holder and NEW, so changed, in the second. */
  readonly slots?: Partial<SimCard>;
  readonly profiles?: 'one' | 'both';
  readonly sfr?: Partial<SimNetwork>;
  readonly family?: FamilyName;
  /** The card in use asks for this PIN at each start; it was entered by hand. */
  readonly oldPin?: string;
  readonly config?: SiteConfig;
};

/** A whole site with a modem, and the operator's book of orders for its line. */
export function openMobileSite({
  seed,
  prepared,
  slots,
  profiles = 'both',
  sfr,
  family = 'EC25',
  oldPin,
  config = CONFIG,
}: MobileWish) {
  const oldLock = oldPin === undefined ? {} : { pin: oldPin, locked: true, verified: true };
  const smdp = smdpWithOrders(prepared.pki);
  const card = createEuicc(prepared.pki);
  card.become(prepared[profiles]);
  const whole = createWholeSite({
    ...{ seed, config },
    mobile: {
      ...{ family, link: 'second', https: postTo(smdp) },
      ...(slots === undefined && { euicc: card }),
      start: {
        networks: [
          { ...ORANGE, rejectsCards: { [NEW.iccid]: 15 } },
          { ...SFR, rejectsCards: { [OLD.iccid]: 15 }, ...sfr },
        ],
        slots: [createCard({ ...OLD, ...oldLock }), createCard({ ...NEW, ...slots })],
        contexts: { 1: { type: 'IPV4V6', accessPoint: 'orange.fr', up: true } },
      },
    },
  });
  const modem = whole.site.mobile?.modem;
  if (modem === undefined) throw new Error('the site has no modem');
  let book: readonly LineOrder[] = [];
  const now = (): number => Math.floor(whole.site.clock.wall());
  const said = (): void => {
    for (const { topic, payload } of whole.central.orderLines(config.account.id, book, now()))
      whole.site.broker.sendDown(topic, payload);
  };
  whole.start();
  return {
    ...{ whole, smdp, modem },
    pass: (span: number) => letPass(whole.site.clock, minutes(span)),
    /** Puts an order into the book; what the central sends is lost where the site is offline. */
    simOrder(
      order: SimOrder,
      secrets: { readonly download?: { readonly code: string }; readonly pin?: string; readonly oldPin?: string } = {},
    ): void {
      book = [...book, { is: 'sim', device: DEVICE, orderedAt: now(), order, ...secrets }];
      said();
    },
    lineOrder(order: TermsOrder): void {
      book = [...book, { is: 'line', device: DEVICE, orderedAt: now(), order }];
      said();
    },
    smsOrder(order: SmsOrder): void {
      book = [...book, { is: 'sms', device: DEVICE, orderedAt: now(), order }];
      said();
    },
    /** The book as it is, said once more. */
    sayAgain: said,
    /** As `relais central sims` tells it, of what the central holds. */
    stories: (): readonly LineStory[] => lineStories(DEVICE, book, centralEvents(whole)),
    events: (): readonly LedgerEvent[] => centralEvents(whole),
    boxEvents: (): readonly LedgerEvent[] => whole.site.disk.rows().map(({ body }) => eventOf(body)),
  };
}

const eventOf = (body: string): LedgerEvent => RecordSchema.parse(JSON.parse(body)).event;
const centralEvents = ({ central }: WholeSite): readonly LedgerEvent[] =>
  central.rows('record').map(({ body }) => eventOf(body));
