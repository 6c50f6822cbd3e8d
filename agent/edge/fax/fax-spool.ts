import type { MailLimits } from '../../fax/mail/mail-pace.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FaxInbox, FaxOutbox } from '../../ports/fax-spool.ts';
import { createFiles, type Files, keepFolder } from './files.ts';
import { createInbox, recoverInbox } from './inbox.ts';
import { createMailQueue, type MailNews } from './mail-queue.ts';
import { createOutbox } from './outbox.ts';
import type { PostMail } from './smtp.ts';

/** The spool's folder in the state directory. */
export const SPOOL_FOLDER = 'fax';

export type FaxSpoolMaking = {
  readonly root: string;
  readonly clock: Clock;
  /** Terminal lines, each with the address that its faxes go to. */
  readonly lines: readonly { readonly number: string; readonly mail?: string | undefined }[];
  readonly mail: { readonly post: PostMail; readonly from: string; readonly limits: MailLimits };
  readonly tell: (news: MailNews) => void;
  readonly fault: (error: unknown) => void;
  readonly files?: Files;
};

export type FaxSpool = { readonly inbox: FaxInbox; readonly outbox: FaxOutbox; readonly stop: () => void };

/** Faxes on the medium: those that came in until their mail is delivered, those to be sent until they are. */
export async function openFaxSpool(making: FaxSpoolMaking): Promise<FaxSpool> {
  const { root, clock, lines, mail, tell, fault, files = createFiles() } = making;
  await keepFolder(files, root);
  const incoming = `${root}/in`;
  await keepFolder(files, incoming);
  const queue = createMailQueue({
    files,
    clock,
    ...mail,
    addressOf: (line) => lines.find(({ number }) => number === line)?.mail,
    mailed: `${root}/mailed.json`,
    tell,
  });
  const inbox = createInbox({ files, root: incoming, ended: queue.add, fault });
  for (const folder of await recoverInbox(files, incoming, clock.wall())) queue.add(folder);
  const outbox = createOutbox({ files, clock, root, lines: lines.map(({ number }) => number), fault });
  return {
    inbox,
    outbox,
    stop() {
      queue.stop();
      outbox.stop();
    },
  };
}
