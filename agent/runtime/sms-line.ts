import type { LedgerEvent } from '../model/record.ts';
import type { SiteConfig } from '../model/site-config.ts';
import type { SmsOrder } from '../model/sms.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { Received } from '../sms/inbox.ts';
import type { Ledger } from './ledger.ts';
import { createMessageDesk, type MessageDesk } from './message-desk.ts';
import type { DeskNews, DeskState } from './message-news.ts';
import { mobileLink } from './mobile-link.ts';
import { barredFrom, barring, heldFrom, type MessageServices } from './sms-barring.ts';
import { EMPTY_BOOK, type Mail, readSmsBook, type SmsBook } from './sms-book.ts';
import type { Turns } from './turns.ts';

type Needs = {
  readonly config: Pick<SiteConfig, 'links'>;
  readonly ports: Pick<AgentPorts, 'sim' | 'clock' | 'journal'>;
  readonly turns: Turns;
  readonly ledger: Pick<Ledger, 'append' | 'hasRoom'>;
  /** What the state of the mobile line lets pass (S-3); undefined: the site has no such line. */
  readonly services: MessageServices;
};

/** The short messages of the mobile line: the card is kept clear, orders are sent, and all of it is counted (S-11, U-1). */
export interface SmsLine {
  ordered(order: SmsOrder): void;
  /** S-3: the line is in another state. */
  servicesChanged(): void;
  stop(): void;
}

type SmsPorts = NonNullable<NonNullable<AgentPorts['sim']>['sms']>;
type Works = Needs & {
  readonly sms: SmsPorts;
  /** E.164 of the line, where the configuration names it. */
  readonly line: string | undefined;
  book: SmsBook;
  /** Records that this life has handed to the ledger. */
  readonly told: Set<LedgerEvent>;
};

const MAIL_KEPT = 200;
/** Names that are remembered: far more than wait at a central. */
const ORDERS_KEPT = 500;

/** Where the box has no modem for messages, an order fails at once, recorded. */
export function createSmsLine(needs: Needs): SmsLine {
  const { ports, config } = needs;
  const sms = ports.sim?.sms;
  const line = mobileLink(config)?.line;
  if (sms === undefined) {
    const known = new Set<string>();
    return {
      ordered(order) {
        if (!known.has(order.id)) fail(needs, order, line);
        known.add(order.id);
      },
      servicesChanged: () => undefined,
      stop: () => undefined,
    };
  }
  const works: Works = { ...needs, sms, line, book: readBook(needs, sms), told: new Set() };
  const desk = createMessageDesk({
    messages: { ...sms.messages, send: barring(needs.services, sms.messages.send) },
    clock: ports.clock,
    keep: (state, news, done) => keep(works, state, news, done),
    start: works.book.desk,
  });
  tellLedger(works);
  sms.announced(() => desk.look());
  showHeld(works);
  return {
    ordered: (order) => send(works, desk, order),
    servicesChanged: () => needs.turns(() => showHeld(works)),
    stop: () => desk.close(),
  };
}

/** S-3: what was held back is shown as soon as the line takes messages again. */
function showHeld(works: Works): void {
  const { book, services, sms } = works;
  if (heldFrom(services) !== undefined || !book.mail.some(({ held }) => held)) return;
  works.book = { ...book, mail: book.mail.map(({ held: _, ...mail }) => mail) };
  sms.file.keep(JSON.stringify(works.book), () => undefined);
}

/** Nothing left: the record says so, and whoever ordered it is not left waiting. */
function fail({ ports, turns, ledger }: Needs, order: SmsOrder, line: string | undefined, why?: string): void {
  const { id, to, by } = order;
  const at = Math.floor(ports.clock.wall());
  const whose = { ...(line !== undefined && { line }), party: to, by, ...(why !== undefined && { why }) };
  turns(() =>
    ledger.append({
      ...{ kind: 'sms-counted', message: id, direction: 'outgoing', segments: 0, outcome: 'failed', at },
      ...whose,
    }),
  );
}

function readBook({ ports }: Needs, { file }: SmsPorts): SmsBook {
  const content = file.read();
  if (content === undefined) return EMPTY_BOOK;
  try {
    return readSmsBook(content);
  } catch {
    ports.journal.fault('the book of short messages could not be read; a new one begins', {});
    return EMPTY_BOOK;
  }
}

/** Sent once under its name, however often it is told; what cannot be sent at all has failed. */
function send(works: Works, desk: MessageDesk, order: SmsOrder): void {
  const { id, to, text, wantsReport, by } = order;
  if (works.book.orders.some((one) => one.id === id)) return;
  const orders = [...works.book.orders, { id, by }].slice(-ORDERS_KEPT);
  works.book = { ...works.book, orders };
  const barred = barredFrom(works.services, to);
  if (barred !== undefined) return fail(works, order, works.line, barred);
  try {
    desk.send({ id, to: { is: 'number', digits: to }, text, wantsReport });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    works.ports.journal.fault('a short message cannot be sent', { message: id, why: error.message });
    fail(works, order, works.line);
  }
}

/** The state, what came and what is to be recorded, in one file: after a cut it is all there or none of it. */
function keep(works: Works, desk: DeskState, news: readonly DeskNews[], done: (kept: boolean) => void): void {
  const at = Math.floor(works.ports.clock.wall());
  const { book } = works;
  const held = heldFrom(works.services) === undefined ? {} : ({ held: true } as const);
  const came = news.flatMap((one, index) =>
    one.on === 'message-received' ? [{ ...mailOf(one.message, at, index), ...held }] : [],
  );
  const events = news.map((one, index) => eventOf(works, one, { at, index }));
  const before = works.book;
  works.book = {
    ...{ v: 1, desk, orders: book.orders },
    mail: [...book.mail, ...came].slice(-MAIL_KEPT),
    untold: [...book.untold, ...events],
  };
  works.sms.file.keep(JSON.stringify(works.book), (kept) =>
    works.turns(() => {
      // Tried again as a whole, with the same news.
      if (!kept) works.book = { ...works.book, mail: before.mail, untold: before.untold };
      done(kept);
      if (kept) tellLedger(works);
    }),
  );
}

/**
 * What the book holds for the ledger goes there. Told records leave the file with its next change, which costs no write of
 * its own: a cut before that records them twice, and each is the same message.
 */
function tellLedger(works: Works): void {
  const { ledger, told } = works;
  for (const event of works.book.untold) {
    if (told.has(event) || !ledger.hasRoom()) continue;
    told.add(event);
    ledger.append(event, () => {
      works.book = { ...works.book, untold: works.book.untold.filter((one) => one !== event) };
    });
  }
}

const mailOf = ({ from, sent, text, missing, raw }: Received, at: number, index: number): Mail => ({
  ...{ id: nameOf(at, index), from: from.is === 'number' ? from.digits : from.name },
  ...{ sent: sent?.at ?? null, at, text, missing: [...missing], raw: raw ?? null },
});

/** Of one moment, in the order in which they were read. */
const nameOf = (at: number, index: number): string => `in-${at}-${index}`;

type When = { readonly at: number; readonly index: number };

const whyOf = (why: string | undefined) => (why === undefined ? {} : { why });

function eventOf(works: Works, news: DeskNews, { at, index }: When): LedgerEvent {
  const { line, book } = works;
  const whose = line === undefined ? {} : { line };
  switch (news.on) {
    case 'message-received': {
      const { from, parts } = news.message;
      const party = from.is === 'number' ? from.digits : from.name;
      return {
        ...{ kind: 'sms-counted', message: nameOf(at, index), direction: 'incoming', ...whose },
        ...{ party, segments: parts, outcome: 'received', at, ...whyOf(heldFrom(works.services)) },
      };
    }
    case 'message-settled': {
      const { id, to, parts, so } = news;
      const by = book.orders.find((one) => one.id === id)?.by;
      return {
        ...{ kind: 'sms-counted', message: id, direction: 'outgoing', ...whose },
        ...{ party: to, segments: parts, outcome: so, ...(by !== undefined && { by }), at },
        ...whyOf(so === 'failed' ? barredFrom(works.services, to) : undefined),
      };
    }
    case 'message-reported':
      return { kind: 'sms-reported', message: news.id, fate: news.fate };
    default:
      return news satisfies never;
  }
}
