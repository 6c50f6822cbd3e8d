import type { MailLimits } from '../../fax/mail/mail-pace.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FaxDocuments } from '../../ports/fax-documents.ts';
import type { FaxInbox, FaxOutbox } from '../../ports/fax-spool.ts';
import { openDocuments } from './documents.ts';
import { createFiles, type Files, keepFolder } from './files.ts';
import { createInbox, readFax, recoverInbox } from './inbox.ts';
import { createMailQueue, type MailNews } from './mail-queue.ts';
import { createOutbox } from './outbox.ts';
import { catchUp, openReceivedLog } from './received-log.ts';
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

export type FaxSpool = {
  readonly inbox: FaxInbox;
  readonly outbox: FaxOutbox;
  readonly documents: FaxDocuments;
  readonly stop: () => void;
};

/** Faxes on the medium: those that came in until their mail is delivered, those to be sent until they are. */
export async function openFaxSpool(making: FaxSpoolMaking): Promise<FaxSpool> {
  const { root, clock, lines, mail, tell, fault, files = createFiles() } = making;
  await keepFolder(files, root);
  const incoming = `${root}/in`;
  await keepFolder(files, incoming);
  const log = await openReceivedLog(files, `${root}/received.json`, clock.wall);
  const queue = createMailQueue({
    files,
    clock,
    ...mail,
    addressOf: (line) => lines.find(({ number }) => number === line)?.mail,
    mailed: `${root}/mailed.json`,
    tell(news) {
      log.mailed(news.folder, news.on === 'fax-mailed' ? 'delivered' : 'stuck').catch(fault);
      tell(news);
    },
  });
  const ended = async (folder: string): Promise<void> => {
    try {
      const stored = await readFax(files, folder);
      if (stored) await log.add(folder, stored.fax, stored.ending);
    } finally {
      // Its description is nothing that a fax waits for.
      queue.add(folder);
    }
  };
  const inbox = createInbox({ files, root: incoming, ended, fault });
  const left = await recoverInbox(files, incoming, clock.wall());
  await catchUp(
    log,
    (await Promise.all(left.map((folder) => readFax(files, folder)))).flatMap((one) => one ?? []),
  );
  for (const folder of left) queue.add(folder);
  const { told, ...documents } = await openDocuments({ files, clock, root, log, fault });
  const outbox = createOutbox({ files, clock, root, lines: lines.map(({ number }) => number), fault, told });
  return {
    inbox,
    outbox,
    documents,
    stop() {
      queue.stop();
      outbox.stop();
    },
  };
}
