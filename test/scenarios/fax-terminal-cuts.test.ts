import { expect, it } from 'vitest';
import { encodePage } from '../../agent/fax/page/page-encoder.ts';
import { writeTiff } from '../../agent/fax/page/write-tiff.ts';
import { millis } from '../../agent/model/units.ts';
import { createSimRandom } from '../../hw-sim/site/sim-random.ts';
import { faxWorld } from '../agent/runtime/fax-world.ts';
import { TICKS_A_PAGE } from './fax-site.ts';
import { createTerminalBox, type Death, SPOOL, type TerminalBox } from './terminal-box.ts';

const PAGES = 2;
const page = (every: number) => {
  const lines = Array.from({ length: 60 }, (_, row) => Uint16Array.from(row % every === 0 ? [200, 400, 900] : []));
  return {
    ...({ coding: 'mmr', resolution: 'fine', width: 1_728 } as const),
    height: lines.length,
    octets: encodePage({ coding: 'mmr', width: 1_728 }, lines),
  };
};
const TIFF = writeTiff([page(4), page(7)], {
  sender: '',
  time: { year: 2026, month: 1, day: 1, hour: 0, minute: 0, second: 0 },
});
const STEP = millis(20);
const AWAY = 5_000;
const LONGEST = 900_000;

type Who = 'sender' | 'receiver';
type Cut = {
  readonly who: Who;
  readonly how: Death;
  /** The call of the file system, the record, or the instant (ms) that it comes behind. */
  readonly behind:
    | { readonly files: number }
    | { readonly records: number; readonly later: number }
    | { readonly at: number };
};

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 12; turn += 1) await Promise.resolve();
};

/** A document of two pages goes from box to box over SIP and T.38; one of them dies once, and comes back after five seconds. */
async function story(cut: Cut | undefined, seed: number) {
  const { clock, near, far } = faxWorld(`cuts/${seed}`);
  const empty = new Map<string, Uint8Array | 'folder'>([['/state', 'folder']]);
  const request = Buffer.from(JSON.stringify({ line: near.number, to: '0172890002', file: 'a.tif' }));
  const asked = new Map<string, Uint8Array | 'folder'>([
    ...empty,
    ...[SPOOL, `${SPOOL}/out`].map((name) => [name, 'folder'] as const),
    [`${SPOOL}/out/a.tif`, TIFF],
    [`${SPOOL}/out/a.json`, request],
  ]);
  const receiver = createTerminalBox({ clock, end: far, seed, medium: empty });
  const sender = createTerminalBox({ clock, end: near, seed, medium: asked });
  await receiver.start();
  const victim = cut?.who === 'receiver' ? receiver : sender;
  if (cut && 'files' in cut.behind) victim.dieBehind(cut.behind.files, cut.how);
  const starting = sender.start();
  let diedAt: number | undefined;
  let openCall = false;
  let saidBefore = 0;
  const over = (): boolean => sender.result('a') !== undefined && clock.mono() > (diedAt ?? 0) + 60_000;
  for (let quiet = 0; clock.mono() < LONGEST && quiet < 1_500; ) {
    clock.advance(STEP);
    await settled();
    if (cut && diedAt === undefined) mayDie(cut, victim, clock.mono());
    if (!victim.alive() && diedAt === undefined) {
      diedAt = clock.mono();
      openCall = hasOpenCall(victim);
      saidBefore = (cut?.who === 'sender' ? near : far).said.length;
      victim.spare();
    }
    if (!victim.alive() && diedAt !== undefined && clock.mono() >= diedAt + AWAY) await victim.start();
    if (over()) quiet += 1;
  }
  void starting;
  const byes = (cut?.who === 'sender' ? near : far).said.slice(saidBefore).filter((text) => text.startsWith('BYE'));
  return { sender, receiver, died: diedAt !== undefined, openCall, byes: byes.length };
}

function mayDie({ behind, how }: Cut, victim: TerminalBox, now: number): void {
  if ('at' in behind && now >= behind.at) victim.die(how);
  if ('records' in behind && victim.records() >= behind.records) {
    dueAt.set(victim, dueAt.get(victim) ?? now + behind.later);
    if (now >= (dueAt.get(victim) ?? 0)) victim.die(how);
  }
}
const dueAt = new WeakMap<TerminalBox, number>();

/** A call that the ledger knows as answered and not ended. */
function hasOpenCall(box: TerminalBox): boolean {
  const open = new Set<string>();
  for (const event of box.events()) {
    if (event.kind === 'call-answered') open.add(event.call);
    if (event.kind === 'call-ended') open.delete(event.call);
  }
  return open.size > 0;
}

const count = (box: TerminalBox, kind: string): number => box.events().filter((event) => event.kind === kind).length;
const pagesIn = (box: TerminalBox): number =>
  box.mails.reduce(
    (sum, { pdf }) =>
      sum +
      (
        Buffer.from(pdf)
          .toString('latin1')
          .match(/\/Subtype \/Image/g) ?? []
      ).length,
    0,
  );

async function judge(cut: Cut, seed: number): Promise<boolean> {
  const { sender, receiver, died, openCall, byes } = await story(cut, seed);
  const where = `${JSON.stringify(cut)}, seed ${seed}`;
  expect(sender.result('a'), where).toMatchObject({ state: 'sent', confirmed: PAGES });
  // Each page of the document is charged once, however often the box died: those of a cut call that were recorded are not sent again.
  expect([sender.ticks(), count(sender, 'fax-page')], where).toEqual([PAGES * TICKS_A_PAGE, PAGES]);
  // Nothing is charged that the receiver did not confirm, and what it confirmed is in a mail: none of it is lost.
  const confirmed = new Set(receiver.mails.map(({ messageId }) => messageId)).size;
  expect(pagesIn(receiver), where).toBeGreaterThanOrEqual(PAGES);
  expect(pagesIn(receiver), where).toBeGreaterThanOrEqual(count(receiver, 'fax-page'));
  expect(confirmed, where).toBeGreaterThan(0);
  for (const box of [sender, receiver]) {
    expect(count(box, 'fax-ended'), where).toBe(count(box, 'fax-begun'));
    const answered = box.events().filter((event) => event.kind === 'call-answered').length;
    expect(box.events().filter((event) => event.kind === 'call-ended').length, where).toBeGreaterThanOrEqual(answered);
    expect(hasOpenCall(box), where).toBe(false);
  }
  const dead = cut.who === 'sender' ? sender : receiver;
  const cuts = dead.events().filter((event) => event.kind === 'fax-ended' && event.outcome === 'cut');
  for (const one of cuts) expect(one, where).toMatchObject({ complete: false });
  if (openCall) expect(byes, where).toBeGreaterThan(0);
  return died;
}

/** How many calls of the file system and records a life without a death makes. */
async function whole() {
  const { sender, receiver } = await story(undefined, 1);
  expect([sender.result('a')?.state, pagesIn(receiver), sender.ticks()]).toEqual(['sent', PAGES, PAGES * TICKS_A_PAGE]);
  const of = (box: TerminalBox) => ({ files: box.calls(), records: box.records() });
  return { sender: of(sender), receiver: of(receiver) };
}

/** `all`: the power goes behind every call of the file system, and both deaths behind every record; else a sample. */
const CUTS = process.env.CUTS ?? '6';
/** Where most depends on the order of what is written: behind the record of the first page. */
const ALWAYS: readonly Cut[] = [
  { who: 'sender', how: 'killed', behind: { records: 7, later: 200 } },
  { who: 'sender', how: 'power-cut', behind: { records: 7, later: 0 } },
  { who: 'receiver', how: 'power-cut', behind: { records: 7, later: 20 } },
];

it(`X-2, X-5, X-7, U-7: over ${CUTS} random deaths and three chosen ones of a sending or receiving terminal each page is charged once, and none that was confirmed is lost`, {
  timeout: 3_600_000,
}, async () => {
  const known = await whole();
  const all: Cut[] = [];
  for (const who of ['sender', 'receiver'] as const) {
    for (let files = 1; files <= known[who].files; files += 1) all.push({ who, how: 'power-cut', behind: { files } });
    for (let records = 1; records <= known[who].records; records += 1)
      for (const how of ['killed', 'power-cut'] as const)
        for (const later of [0, 20, 200]) all.push({ who, how, behind: { records, later } });
  }
  const chance = createSimRandom(process.env.SEED ?? 'cuts');
  const one = (): Cut | undefined => all[Math.floor(chance.fraction() * all.length)];
  const some = CUTS === 'all' ? all : Array.from({ length: Number(CUTS) }, one).flatMap((cut) => cut ?? []);
  const chosen = [...ALWAYS, ...some];
  let died = 0;
  for (const [at, cut] of chosen.entries()) if (await judge(cut, at + 1)) died += 1;
  expect(died).toBeGreaterThan(chosen.length / 2);
});
