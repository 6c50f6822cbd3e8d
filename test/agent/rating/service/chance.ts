import { AccountSchema } from '../../../../agent/model/account.ts';
import type { GuaranteedService, Ticket } from '../../../../agent/model/account-services.ts';
import type { Excuse } from '../../../../agent/model/excuse.ts';
import {
  type ClockBlock,
  type LedgerEvent,
  type LedgerRecord,
  NO_RECORD_HASH,
} from '../../../../agent/model/record.ts';
import { TABLE_FROM, TABLE_MINUTES } from '../calendar/minute-table.ts';
import type { Dice } from '../limits/sample.ts';

/** Minutes of the table. */
export type Down = { readonly from: number; readonly to: number };
export type Link = 'main' | 'second';

/** What really happened at a site, and what a person reported of it. */
export type Story = {
  readonly downs: Readonly<Record<Link, readonly Down[]>>;
  /** The box was off, within an outage of the main link. */
  readonly dark: Down | undefined;
  /** The last outage of the main link is not over when the records end. */
  readonly open: boolean;
  readonly end: number;
  readonly tickets: readonly Ticket[];
  readonly services: readonly GuaranteedService[];
};

export const at = (minute: number): number => TABLE_FROM + minute * 60_000;
const CAUSES: readonly [Excuse, ...Excuse[]] = ['maintenance', 'mains', 'porting', 'overload', 'client'];

export function storyOf(dice: Dice): Story {
  const start = 60_000 + dice.below(TABLE_MINUTES - 200_000);
  const downs = { main: downsOf(dice, start), second: downsOf(dice, start + dice.below(4_000)) };
  const last = Math.max(start, ...downs.main.map(({ to }) => to), ...downs.second.map(({ to }) => to));
  const open = dice.chance(10) && downs.main.at(-1)?.to === last && downs.second.every(({ to }) => to < last - 10);
  const services = [serviceOf(dice, 'access', 'main'), serviceOf(dice, 'telephony', undefined)];
  const tickets = Array.from({ length: dice.below(4) }, (_, index) => ticketOf(dice, index, downs.main));
  return { downs, dark: darkOf(dice, downs), open, end: last + (open ? 0 : 50), tickets, services };
}

function downsOf(dice: Dice, start: number): readonly Down[] {
  const downs: Down[] = [];
  let from = start;
  for (let left = dice.below(5); left > 0; left -= 1) {
    from += 10 + dice.below(dice.chance(30) ? 30 : 6_000);
    const to =
      from + 5 + (dice.chance(30) ? dice.pick([240, 390, 480, 510, 600]) : dice.below(dice.chance(15) ? 9_000 : 1_800));
    downs.push({ from, to });
    from = to;
  }
  return downs;
}

/** Off for a while inside of an outage of the main link in which nothing else happens. */
function darkOf(dice: Dice, { main, second }: Story['downs']): Down | undefined {
  const down = main[dice.below(Math.max(1, main.length))];
  if (down === undefined || down.to - down.from < 60 || !dice.chance(50)) return undefined;
  const from = down.from + 10 + dice.below(down.to - down.from - 40);
  const dark = { from, to: from + 5 + dice.below(down.to - from - 20) };
  const near = (minute: number): boolean => dark.from - 8 <= minute && minute <= dark.to + 8;
  return second.some((one) => near(one.from) || near(one.to)) ? undefined : dark;
}

function serviceOf(dice: Dice, kind: 'access' | 'telephony', link: Link | undefined): GuaranteedService {
  const access =
    kind === 'telephony'
      ? 'telephony'
      : dice.pick<GuaranteedService['access']>(['sdsl', 'fibre', 'mobile', 'fibre-pro']);
  return {
    id: kind,
    label: kind,
    device: 'box',
    ...(link === undefined ? {} : { link }),
    access,
    from: '2025-01-01',
    guaranteed: true,
    monthlyMicroEuro: dice.below(200_000_000),
    tax: 'HT',
    ...(dice.chance(20) ? { commune: '67482' } : {}),
    lines: [],
    excused: [],
  };
}

function ticketOf(dice: Dice, index: number, downs: readonly Down[]): Ticket {
  const down = downs[dice.below(Math.max(1, downs.length))] ?? { from: 70_000, to: 70_500 };
  const reported = Math.max(0, down.from - 100 + dice.below(down.to - down.from + 200));
  const length = dice.below(2_000);
  return {
    id: `t${index}`,
    service: dice.pick(['access', 'telephony']),
    reported: at(reported),
    ...(dice.chance(60) ? { restarted: at(reported - 20 + dice.below(200)) } : {}),
    ...(dice.chance(50) ? { restored: at(reported + length) } : {}),
    total: dice.chance(90),
    excused: Array.from({ length: dice.below(3) }, () => {
      const from = reported - 50 + dice.below(1_500);
      return { cause: dice.pick(CAUSES), from: at(from), to: at(from + dice.below(500)) };
    }),
    ...(dice.chance(70) ? { claimed: at(reported + dice.below(3_000)) } : {}),
  };
}

type Written = { readonly minute: number; readonly event: LedgerEvent };
const booted: LedgerEvent = { kind: 'booted', software: 'x', configVersion: 1, regime: 'x@1', tariff: 'x@1' };

/** The records that the box would have written, in their order. After the dark its wall clock is wrong for a while. */
export function recordsOf({ downs, dark, open, end }: Story, dice: Dice): readonly LedgerRecord[] {
  const written: Written[] = [{ minute: 0, event: booted }];
  for (const link of ['main', 'second'] as const) {
    for (const [index, { from, to }] of downs[link].entries()) {
      written.push({ minute: from, event: lost(link, from, []) });
      const stays = open && link === 'main' && index === downs.main.length - 1;
      if (!stays)
        written.push({ minute: to + dice.below(4), event: { kind: 'link-returned', link, since: to * 60_000 } });
    }
  }
  const off = (link: Link): boolean =>
    downs[link].some(({ from, to }) => dark !== undefined && from < dark.from && dark.to < to);
  for (const link of (['main', 'second'] as const).filter(off)) {
    if (dark === undefined) break;
    written.push({
      minute: dark.from,
      event: lost(link, downs[link].findLast(({ from }) => from < dark.from)?.from ?? 0, []),
    });
    written.push({ minute: dark.to + 1, event: lost(link, dark.to, []) });
  }
  if (dark !== undefined) written.push({ minute: dark.to, event: booted });
  const ordered = written
    .filter(({ minute }) => minute <= end || !open)
    .toSorted((a, b) => a.minute - b.minute || rank(a) - rank(b));
  ordered.push({ minute: Math.max(end, ordered.at(-1)?.minute ?? 0), event: booted });
  return numbered(withStanding(ordered), dark, dice);
}

const rank = ({ event }: Written): number => ['booted', 'link-returned', 'link-lost'].indexOf(event.kind);

const lost = (link: Link, since: number, standing: string[]): LedgerEvent => ({
  kind: 'link-lost',
  ...{ link, since: since * 60_000, probes: 3, carried: [], standing, calls: 0 },
});

function withStanding(written: readonly Written[]): readonly Written[] {
  const down = new Set<string>();
  return written.map(({ minute, event }) => {
    if (event.kind === 'link-returned') down.delete(event.link);
    if (event.kind !== 'link-lost') return { minute, event };
    down.add(event.link);
    return { minute, event: { ...event, standing: ['main', 'second'].filter((link) => !down.has(link)) } };
  });
}

/** The monotonic clock of a boot begins at the boot; epochs change where no link is lost. */
function numbered(written: readonly Written[], dark: Down | undefined, dice: Dice): readonly LedgerRecord[] {
  const down = new Set<string>();
  let seq = 0;
  let epoch = 1;
  return written.map(({ minute, event }, index) => {
    if (down.size === 0 && dice.chance(20)) [seq, epoch] = [0, epoch + 1];
    if (event.kind === 'link-lost') down.add(event.link);
    if (event.kind === 'link-returned') down.delete(event.link);
    seq += 1;
    const rebooted = dark !== undefined && minute >= dark.to;
    const base = rebooted ? dark.to - 1 : -10;
    const unsure = rebooted && index < written.length - 1 && dice.chance(50);
    const clock: ClockBlock = {
      wall: unsure ? 1_000_000 : at(minute),
      mono: (minute - base) * 60_000,
      boot: rebooted ? 'second' : 'first',
      quality: unsure ? 'never' : 'synced',
    };
    const moved = 'since' in event ? { ...event, since: Math.max(0, event.since - base * 60_000) } : event;
    return { ...FRAME, epoch: String(epoch).padStart(16, '0'), seq, clock, event: moved };
  });
}

const FRAME = { v: 1, device: 'box', prev: NO_RECORD_HASH, salt: '0'.repeat(32) } as const;

export const accountOf = (regime: string, { services, tickets }: Story, unpaid: readonly Down[]) =>
  AccountSchema.parse({
    schema: 'relais/account/1',
    id: 'sample',
    client: 'sample',
    regimes: [{ from: '2020-01-01', regime }],
    decks: ['sample'],
    numberings: ['sample'],
    cycle: { is: 'calendar' },
    lines: [
      { number: '+33155550001', label: 'line', from: '2025-01-01', plans: [{ from: '2025-01-01', plan: 'metered' }] },
    ],
    services,
    tickets,
    unpaid: unpaid.map(({ from, to }) => ({ from: at(from), until: at(to) })),
  });
