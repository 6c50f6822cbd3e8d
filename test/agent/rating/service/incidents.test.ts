import { describe, expect, test } from 'vitest';
import {
  type GuaranteedService,
  GuaranteedServiceSchema,
  type Ticket,
} from '../../../../agent/model/account-services.ts';
import { incidentsOf } from '../../../../agent/rating/service/incidents.ts';
import type { SeenOutage } from '../../../../agent/rating/service/site-evidence.ts';

const service = (more: Partial<GuaranteedService> = {}): GuaranteedService => ({
  ...GuaranteedServiceSchema.parse({
    ...{ id: 'access', label: 'access', device: 'box', link: 'main', access: 'sdsl' },
    ...{ from: '2026-01-01', monthlyMicroEuro: 90_000_000 },
  }),
  ...more,
});
const outage = (from: number, to: number, more: Partial<SeenOutage> = {}): SeenOutage => ({
  ...{ link: 'main', from, to, detected: from + 1, open: false, unseen: [], dated: true },
  ...more,
});
const ticket = (reported: number, more: Partial<Ticket> = {}): Ticket => ({
  ...{ id: `t${reported}`, service: 'access', reported, total: true, excused: [] },
  ...more,
});
const incidents = (outages: readonly SeenOutage[], tickets: readonly Ticket[] = [], more = {}) =>
  incidentsOf(service(more), tickets, { outages, mains: [] });

describe('G-2, G-6: one interruption of a service', () => {
  test('is what its own link saw; the whole site for a service that has no link', () => {
    const both = [outage(10, 20), outage(30, 40, { link: undefined })];
    expect(incidents(both).map(({ from }) => from)).toEqual([10]);
    expect(
      incidentsOf({ ...service(), link: undefined }, [], { outages: both, mains: [] }).map(({ from }) => from),
    ).toEqual([30]);
  });

  test('is reported when the box told of it: not before it began, not after it ended', () => {
    expect(incidents([outage(10, 20, { detected: 13 })])).toMatchObject([{ reported: 13 }]);
    expect(incidents([outage(10, 20, { detected: 5 })])).toMatchObject([{ reported: 10 }]);
    expect(incidents([outage(10, 20, { detected: 35 })])).toMatchObject([{ reported: 20 }]);
  });

  test('is what a ticket tells of this service, and lasts no time while nobody says when it was over', () => {
    const told = [
      ticket(10, { restored: 25, restarted: 12, claimed: 90, total: false }),
      ticket(50, { service: 'other' }),
    ];
    expect(incidents([], told)).toEqual([
      {
        ...{ from: 10, to: 25, reported: 10, restarted: 12, total: false, open: false },
        ...{ excused: [], claimed: 90, dated: true },
      },
    ]);
    expect(incidents([], [ticket(10)])).toMatchObject([{ from: 10, to: 10, open: true }]);
    expect(incidents([], [ticket(10, { restored: 4 })])).toMatchObject([{ from: 10, to: 10, open: false }]);
  });

  test('S-10: an interruption that the porting day announced is excused, on its own link alone', () => {
    const portings = [
      { link: 'main', from: 8, to: 15 },
      { link: 'second', from: 9, to: 30 },
    ];
    const found = incidentsOf(service(), [], { outages: [outage(10, 20)], mains: [], portings });
    expect(found.map(({ excused }) => excused)).toEqual([[{ cause: 'porting', from: 8, to: 15 }]]);
  });

  test('G-7: is excused by what the box did not see, by its tickets, by the service, and by mains that were off', () => {
    const own = { cause: 'maintenance', from: 1, to: 2 } as const;
    const told = { cause: 'client', from: 3, to: 4 } as const;
    const seen = outage(10, 20, { unseen: [{ from: 12, to: 13 }] });
    const mains = [{ from: 14, to: 15 }];
    const all = incidentsOf(service({ excused: [own] }), [ticket(11, { excused: [told] })], { outages: [seen], mains });
    expect(all.map(({ excused }) => excused)).toEqual([
      [{ cause: 'unseen', from: 12, to: 13 }, told, own, { cause: 'mains', from: 14, to: 15 }],
    ]);
  });
});

describe('G-2: a ticket and an outage', () => {
  test('are one incident where they overlap or touch, two where they do not, in any order of either list', () => {
    const parts = [outage(10, 20), outage(21, 30)];
    expect(incidents(parts).map(({ from, to }) => [from, to])).toEqual([
      [10, 20],
      [21, 30],
    ]);
    const touching = ticket(20, { restored: 21 });
    for (const outages of [parts, parts.toReversed()])
      expect(incidents(outages, [touching]).map(({ from, to }) => [from, to])).toEqual([[10, 30]]);
    expect(incidents([outage(10, 50), outage(20, 30)])).toMatchObject([{ from: 10, to: 50 }]);
  });

  test('that begin together are joined from the shorter one on', () => {
    const [whole] = incidents(
      [outage(10, 40, { unseen: [{ from: 30, to: 31 }] })],
      [ticket(10, { restored: 15, excused: [{ cause: 'client', from: 11, to: 12 }] })],
    );
    expect(whole?.excused.map(({ cause }) => cause)).toEqual(['client', 'unseen']);
  });

  test('count from the first signal and the first restart, were asked for when that was asked first', () => {
    const tickets = [
      ticket(14, { restored: 30, restarted: 18, claimed: 70 }),
      ticket(15, { restored: 31, restarted: 16, claimed: 80 }),
      ticket(16, { restored: 32 }),
    ];
    expect(incidents([outage(10, 20, { detected: 17 })], tickets)).toMatchObject([
      { reported: 14, restarted: 16, claimed: 70 },
    ]);
    expect(incidents([outage(10, 20)])).toMatchObject([{ restarted: undefined, claimed: undefined }]);
    // A ticket first, then what the box saw, which knows of neither.
    expect(incidents([outage(25, 40)], [ticket(14, { restored: 30, restarted: 18, claimed: 70 })])).toMatchObject([
      { restarted: 18, claimed: 70 },
    ]);
  });

  test('are total only where both are, and dated only where both are', () => {
    expect(incidents([outage(10, 20)], [ticket(12, { total: false, restored: 13 })])).toMatchObject([{ total: false }]);
    expect(incidents([outage(10, 20)], [ticket(12, { restored: 13 })])).toMatchObject([{ total: true, dated: true }]);
    for (const dated of [
      [true, false],
      [false, true],
    ] as const) {
      const [a, b] = dated;
      expect(incidents([outage(10, 20, { dated: a }), outage(15, 30, { dated: b })])).toMatchObject([{ dated: false }]);
    }
  });

  test('are open until one of them shows the return', () => {
    const open = ticket(12);
    expect(incidents([outage(10, 20)], [open])).toMatchObject([{ open: false, to: 20 }]);
    expect(incidents([outage(10, 20, { open: true })], [open])).toMatchObject([{ open: true }]);
    expect(incidents([outage(10, 20)], [ticket(20)])).toMatchObject([{ open: false }]);
    expect(incidents([outage(10, 30, { open: true })], [ticket(12, { restored: 20 })])).toMatchObject([{ open: true }]);
    expect(incidents([outage(10, 20)], [ticket(12, { restored: 15 })])).toMatchObject([{ open: false }]);
  });
});
