import { createTransport, type Transporter } from 'nodemailer';
import type { FaxMail } from './compose-mail.ts';

/** How mail leaves the site (`smtp` of the site configuration); the password is of the box's own secrets. */
export type SmtpServer = {
  readonly host: string;
  readonly port: number;
  readonly security: 'tls' | 'starttls' | 'none';
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** PEM of roots that are believed besides the system's; for servers of an operator's own. */
  readonly roots?: readonly string[];
};

/** `refused`: the server will never take it (RFC 5321 4.2.1, 5yz). `later`: it may next time. */
export type MailAnswer = { readonly so: 'taken' | 'refused' | 'later'; readonly text: string };

/** One mail, on a connection of its own (X-6: mails per connection). Never throws. */
export type PostMail = (mail: FaxMail) => Promise<MailAnswer>;

const PATIENCE = { connectionTimeout: 20_000, greetingTimeout: 20_000, socketTimeout: 120_000 };

export function createSmtp(server: SmtpServer): PostMail {
  const { host, port, security, user, password, roots } = server;
  return async (mail) => {
    const transport: Transporter = createTransport({
      host,
      port,
      secure: security === 'tls',
      requireTLS: security === 'starttls',
      ignoreTLS: security === 'none',
      ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
      ...(roots === undefined ? {} : { tls: { ca: [...roots] } }),
      ...PATIENCE,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    try {
      await transport.sendMail(messageOf(mail));
      return { so: 'taken', text: '' };
    } catch (error) {
      return answerOf(error);
    } finally {
      transport.close();
    }
  };
}

const messageOf = ({ from, to, subject, text, messageId, date, name, pdf }: FaxMail) => ({
  from: { name: 'Fax', address: from },
  to: [{ name: '', address: to }],
  subject,
  text,
  messageId,
  date: new Date(date),
  attachments: [{ filename: name, content: Buffer.from(pdf), contentType: 'application/pdf' }],
});

/** What is refused before the envelope (TLS, password) is a matter of the configuration, which somebody will mend: the fax waits. */
function answerOf(error: unknown): MailAnswer {
  const text = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const status = error instanceof Error && 'responseCode' in error ? Number(error.responseCode) : 0;
  const isForGood = status >= 500 && status < 600 && (code === 'EENVELOPE' || code === 'EMESSAGE');
  return { so: isForGood ? 'refused' : 'later', text };
}
