import { isOver } from '../model/fax-documents.ts';
import { never } from '../model/never.ts';
import type { FaxDocuments } from '../ports/fax-documents.ts';
import type { FaxOrder } from '../usp/agent/fax-order.ts';
import type { Going } from '../usp/agent/going.ts';

type Finished = (output: Readonly<Record<string, string>>, refusal?: string) => void;

/** Does what a controller ordered about faxes, and says when it is on the medium, or why not. */
export function performFaxOrder(documents: FaxDocuments | undefined, order: FaxOrder, finished: Finished): void {
  if (documents === undefined) return finished({}, 'this box has no fax spool');
  switch (order.order) {
    case 'begin':
      // The command goes on until the document is over: only a refusal ends it here.
      return documents.begin(order.wish, (refusal) => {
        if (refusal !== undefined) finished({}, refusal);
      });
    case 'put': {
      const { document, offset, octets } = order;
      return documents.put(document, { offset, octets }, (refusal) => {
        const kept = documents.list().find(({ number }) => number === document)?.bytesKept ?? 0;
        finished({ BytesKept: String(kept) }, refusal);
      });
    }
    case 'withdraw':
      return documents.withdraw(order.document, (refusal) => finished({}, refusal));
    case 'read':
      return documents.read(order.fax, order.offset, (read) => {
        if ('refusal' in read) return finished({}, read.refusal);
        const { offset, octets, bytes, sha256 } = read;
        finished({ Offset: String(offset), Octets: octets, Bytes: String(bytes), SHA256: sha256 });
      });
    default:
      return never(order);
  }
}

/** Commands of a life before that wait for the end of a document: they go on waiting. */
export const waitingFor = (documents: FaxDocuments | undefined): readonly Going[] =>
  (documents?.list() ?? [])
    .filter((document) => !isOver(document))
    .map(({ number, request }) => ({ ...request, document: number }));
