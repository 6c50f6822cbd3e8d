import { join } from 'node:path';
import type { Logger } from 'pino';
import { openFaxSpool, SPOOL_FOLDER } from '../edge/fax/fax-spool.ts';
import { createSmtp, type PostMail } from '../edge/fax/smtp.ts';
import type { LoadedConfig } from '../edge/load-config.ts';
import type { SiteConfig } from '../model/site-config.ts';
import type { FaxSpoolPorts } from '../ports/agent-ports.ts';
import type { Clock } from '../ports/clock.ts';

type Smtp = NonNullable<NonNullable<SiteConfig['fax']>['smtp']>;

/** what lies in the spool is taken up again: mails that wait, documents to be sent. `password` is that of the mail server. */
export async function openFaxSpoolPort(
  { box, site }: Pick<LoadedConfig, 'box' | 'site'>,
  password: string | undefined,
  { clock, log }: { readonly clock: Clock; readonly log: Logger },
): Promise<FaxSpoolPorts | undefined> {
  const lines = (site.fax?.lines ?? []).filter(({ mode }) => mode === 'terminal');
  if (lines.length === 0) return undefined;
  const smtp = site.fax?.smtp;
  const { mail } = site.regime;
  return openFaxSpool({
    ...{ root: join(box.stateDirectory, SPOOL_FOLDER), clock, lines },
    mail: {
      post: smtp === undefined ? nowhere : postBy(smtp, password),
      from: smtp?.from ?? '',
      limits: {
        connectionsPerSecond: mail.connectionsPerSecond?.value,
        distinctRecipientsPerWeek: mail.distinctRecipientsPerWeek?.value,
      },
    },
    tell: (news) =>
      news.on === 'fax-mailed'
        ? log.info(news, 'a fax was mailed')
        : log.error(news, 'a fax could not be mailed; it is kept in the spool'),
    fault: (error) => log.error({ error: String(error) }, 'the fax spool failed'),
  });
}

const postBy = ({ host, port, security, user }: Smtp, password: string | undefined): PostMail =>
  createSmtp({ host, port, security, user, password });

/** A site without a mail server keeps its faxes, and says so. */
const nowhere: PostMail = () =>
  Promise.resolve({ so: 'later', text: 'fax.smtp: the order of the site names no mail server' });
