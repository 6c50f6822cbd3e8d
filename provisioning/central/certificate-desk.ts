import { canonical } from '../../agent/model/canonical.ts';
import { type CertificateRequestMessage, CertificateRequestSchema, topics } from '../../agent/model/messages.ts';
import type { Issuer } from '../authority/issue.ts';
import { renewCertificate } from '../authority/renew.ts';
import type { NewsLine } from './news.ts';
import type { Book } from './words.ts';

type Desk = {
  readonly directory: string;
  /** Given by the operator; without it requests wait for `relais provision sign`. */
  readonly issuer: Issuer | undefined;
  readonly book: () => Book;
  readonly send: (topic: string, payload: string) => void;
  readonly tell: (line: NewsLine) => void;
  readonly now: () => number;
};

/** Boxes that ask for their next certificate. Nothing of this belongs to an account: it stands beside the rating. */
export function createCertificateDesk(desk: Desk): { hear(topic: string, payload: string): boolean } {
  const { directory, issuer, book, send, tell, now } = desk;

  /** A registry that can't be read is no reason to stop rating: the box asks again. */
  function answerTo(message: CertificateRequestMessage): ReturnType<typeof renewCertificate> {
    try {
      return renewCertificate(directory, message, { issuer, now: now() });
    } catch (error) {
      return { refused: `the registry could not be read or written: ${String(error)}` };
    }
  }

  return {
    /** False for a message that is none of its own. */
    hear(topic, payload) {
      const [, , , device = ''] = topic.split('/');
      const site = book().get(device);
      if (site === undefined) return false;
      const own = topics(site.tenant, site.device);
      if (topic !== own.certificateRequest) return false;
      const read = CertificateRequestSchema.safeParse(parse(payload));
      if (!read.success || read.data.device !== device) {
        tell({ level: 'warn', message: 'certificate refused', fields: { device, why: 'the message is none' } });
        return true;
      }
      const answer = answerTo(read.data);
      if ('refused' in answer) {
        tell({ level: 'warn', message: 'certificate refused', fields: { device, why: answer.refused } });
      } else if ('waits' in answer) {
        tell({ level: 'info', message: 'certificate waits for the operator', fields: { device } });
      } else {
        tell({ level: 'info', message: 'certificate sent', fields: { device } });
        send(own.certificate, canonical({ device, certificate: answer.certificate }));
      }
      return true;
    },
  };
}

function parse(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    // No schema knows undefined.
    return undefined;
  }
}
