import { z } from 'zod';
import { type Mailed, type MailLimits, nextMailAt, withMailed } from '../../fax/mail/mail-pace.ts';
import { millis } from '../../model/units.ts';
import type { Clock } from '../../ports/clock.ts';
import { composeMails } from './compose-mail.ts';
import { type Files, keepJson, readJson } from './files.ts';
import { readFax, type StoredFax } from './inbox.ts';
import type { PostMail } from './smtp.ts';

/** How far the mails of a fax are; kept beside its pages. */
const DeliverySchema = z.strictObject({
  state: z.enum(['waiting', 'delivered', 'refused', 'no-address']),
  /** Parts that the server has taken. */
  taken: z.int().min(0),
  /** Attempts since a part was last taken. */
  tries: z.int().min(0),
  text: z.string(),
});
export type Delivery = z.infer<typeof DeliverySchema>;
const FRESH: Delivery = { state: 'waiting', taken: 0, tries: 0, text: '' };

export type MailNews =
  | { readonly on: 'fax-mailed'; readonly fax: string; readonly folder: string; readonly parts: number }
  /** Kept in the spool: support has to look at it. */
  | {
      readonly on: 'fax-mail-stuck';
      readonly fax: string;
      readonly folder: string;
      readonly line: string;
      readonly text: string;
    };

export type MailQueueMaking = {
  readonly files: Files;
  readonly clock: Clock;
  readonly post: PostMail;
  readonly from: string;
  /** Where faxes of a line go; undefined for a line without an address. */
  readonly addressOf: (line: string) => string | undefined;
  readonly limits: MailLimits;
  /** File of what was mailed in the last week. */
  readonly mailed: string;
  readonly tell: (news: MailNews) => void;
};

export type MailQueue = { readonly add: (folder: string) => void; readonly stop: () => void };

/** Pauses after a failure, ms: doubled each time up to an hour, and for as long as it takes. */
const FIRST_PAUSE = 30_000;
const LONGEST_PAUSE = 3_600_000;
/** Support is told when a server has not answered for about half an hour. */
const TELL_AFTER = 6;
const MailedSchema = z.record(z.string(), z.number());

type Works = MailQueueMaking & { readonly waits: Set<() => void>; stopped: boolean; working: Promise<unknown> };

/** Mails faxes from their folders, one after the other, and removes each when the server has it. */
export function createMailQueue(making: MailQueueMaking): MailQueue {
  const works: Works = { ...making, waits: new Set(), stopped: false, working: Promise.resolve() };
  return {
    add: (folder) => enqueue(works, folder),
    stop: () => {
      works.stopped = true;
      for (const cancel of works.waits) cancel();
    },
  };
}

function enqueue(works: Works, folder: string): void {
  works.working = works.working.then(async () => {
    if (works.stopped) return;
    const again = await deliver(works, folder).catch(() => FIRST_PAUSE);
    if (again !== undefined && !works.stopped) wait(works, folder, again);
  });
}

function wait(works: Works, folder: string, pause: number): void {
  const cancel = works.clock.after(millis(pause), () => {
    works.waits.delete(cancel);
    enqueue(works, folder);
  });
  works.waits.add(cancel);
}

/** Answers after how many milliseconds to go on; undefined when nothing is left to do. */
async function deliver(works: Works, folder: string): Promise<number | undefined> {
  const { files } = works;
  const read = DeliverySchema.safeParse(await readJson(files, `${folder}/mail.json`));
  const delivery = read.success ? read.data : FRESH;
  if (delivery.state === 'delivered') return void (await files.remove(folder));
  const stored = await readFax(files, folder);
  if (stored === undefined || delivery.state === 'refused') return undefined;
  const to = works.addressOf(stored.fax.line);
  if (to === undefined) {
    const text = `la ligne ${stored.fax.line} n’a pas d’adresse : ajoutez "mail" à la ligne dans la configuration du site`;
    return stuck(works, stored, { ...delivery, state: 'no-address', text });
  }
  return mail(works, stored, delivery, to);
}

async function mail(works: Works, stored: StoredFax, delivery: Delivery, to: string): Promise<number | undefined> {
  const { files, clock, limits } = works;
  const mails = await composeMails(files, stored, { from: works.from, to });
  let now: Delivery = delivery;
  for (const [at, one] of mails.entries()) {
    if (at < now.taken) continue;
    const read = MailedSchema.safeParse(await readJson(files, works.mailed));
    const mailed: Mailed = read.success ? read.data : {};
    const free = nextMailAt(mailed, to, limits, clock.wall());
    if (free > clock.wall()) return Math.min(free - clock.wall(), LONGEST_PAUSE);
    await keepJson(files, works.mailed, withMailed(mailed, to, clock.wall()));
    const answer = await works.post(one);
    if (answer.so === 'refused') return stuck(works, stored, { ...now, state: 'refused', text: answer.text });
    if (answer.so === 'later') return postpone(works, stored, { ...now, tries: now.tries + 1, text: answer.text });
    now = { ...now, taken: at + 1, tries: 0, text: '' };
    await note(works, stored, now);
  }
  await note(works, stored, { ...now, state: 'delivered' });
  await files.remove(stored.folder);
  works.tell({ on: 'fax-mailed', fax: stored.fax.id, folder: stored.folder, parts: mails.length });
  return undefined;
}

async function postpone(works: Works, stored: StoredFax, delivery: Delivery): Promise<number> {
  await note(works, stored, delivery);
  const { id, line } = stored.fax;
  if (delivery.tries === TELL_AFTER)
    works.tell({ on: 'fax-mail-stuck', fax: id, folder: stored.folder, line, text: delivery.text });
  return Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (delivery.tries - 1));
}

async function stuck(works: Works, stored: StoredFax, delivery: Delivery): Promise<undefined> {
  await note(works, stored, delivery);
  const { id, line } = stored.fax;
  works.tell({ on: 'fax-mail-stuck', fax: id, folder: stored.folder, line, text: delivery.text });
}

const note = ({ files }: Works, { folder }: StoredFax, delivery: Delivery): Promise<void> =>
  keepJson(files, `${folder}/mail.json`, delivery);
