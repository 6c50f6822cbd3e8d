import {
  FAX_DOCUMENTS,
  type FaxDocument,
  type FaxDocumentRequest,
  type FaxDocumentWish,
  type FaxView,
} from '../../model/fax-documents.ts';
import type { Controller } from '../controller.ts';
import type { Values } from '../model/object-type.ts';

/** What is to be done with a document or a fax that came in. */
export type FaxOrder =
  | { readonly order: 'begin'; readonly wish: FaxDocumentWish }
  | { readonly order: 'put'; readonly document: number; readonly offset: number; readonly octets: string }
  | { readonly order: 'withdraw'; readonly document: number }
  | { readonly order: 'read'; readonly fax: number; readonly offset: number };

type Asked = {
  readonly place: string;
  readonly name: string;
  readonly input: Values;
  readonly controller: Controller;
  readonly request: FaxDocumentRequest;
  /** The last number that any document had. */
  readonly last: number;
};
type Refusal = { readonly refused: string };
/** `document`: whose end the command waits for. */
type Answer = Refusal | { readonly order?: FaxOrder; readonly document?: number };

/** Reads the arguments of a command of `X_RELAIS_Fax.`; undefined: it is a command of something else. */
export function readFaxOrder(fax: FaxView | undefined, asked: Asked): Answer | undefined {
  const { place, name, input } = asked;
  if (!place.includes('.X_RELAIS_Fax.') || fax === undefined) return undefined;
  const row = Number(place.split('.').at(-2));
  switch (name) {
    case 'SendDocument()':
      return readSend(fax, asked);
    case 'Put()':
      return readPut(row, input);
    case 'Withdraw()':
      return { order: { order: 'withdraw', document: row } };
    case 'Read()': {
      const offset = whole(input.Offset);
      if (offset === undefined) return { refused: 'Offset: a number from 0 to the length of the document' };
      return { order: { order: 'read', fax: row, offset } };
    }
    default:
      return undefined;
  }
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const NUMBER = /^\+?[0-9]{2,20}$/;
const SHA256 = /^[0-9a-f]{64}$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The same document under the same name is the same one, asked for again: it is faxed once. */
function readSend(fax: FaxView, { input, controller, request, last }: Asked): Answer {
  const { Name: name = '', DirectoryNumber: line = '', To: to = '', SHA256: sha256 = '' } = input;
  const bytes = whole(input.Bytes) ?? 0;
  if (!NAME.test(name)) return { refused: 'Name: 1 to 64 letters, digits, dots and dashes, of your own choosing' };
  const lines = fax.lines.filter((one) => controller.lines?.includes(one) ?? true);
  if (!lines.includes(line))
    return { refused: `DirectoryNumber: a fax line in mode "terminal"; there is ${lines.join(', ') || 'none'}` };
  if (!NUMBER.test(to)) return { refused: 'To: the number to dial, 2 to 20 digits, with or without a + before' };
  if (bytes < 1 || bytes > FAX_DOCUMENTS.largest) return { refused: `Bytes: 1 to ${FAX_DOCUMENTS.largest}; split it` };
  if (!SHA256.test(sha256)) return { refused: 'SHA256: of the document, 64 digits of lower-case hex' };
  const known = fax.documents.find((one) => one.by === controller.endpoint && one.name === name);
  if (known === undefined) {
    const number = Math.max(last, ...fax.documents.map((one) => one.number)) + 1;
    const wish = { number, by: controller.endpoint, name, line, to, bytes, sha256, request };
    return { order: { order: 'begin', wish }, document: number };
  }
  if (!isSame(known, { line, to, bytes, sha256 }))
    return { refused: `Name: ${name} is another document already; choose another name` };
  return { document: known.number };
}

const isSame = (known: FaxDocument, asked: Pick<FaxDocument, 'line' | 'to' | 'bytes' | 'sha256'>): boolean =>
  known.line === asked.line && known.to === asked.to && known.bytes === asked.bytes && known.sha256 === asked.sha256;

function readPut(document: number, { Offset, Octets = '' }: Values): Answer {
  const offset = whole(Offset);
  if (offset === undefined || offset > FAX_DOCUMENTS.largest)
    return { refused: 'Offset: where the piece begins; BytesKept says where the next one does' };
  if (Octets === '' || !BASE64.test(Octets)) return { refused: 'Octets: base64, without line breaks' };
  if ((Octets.length / 4) * 3 > FAX_DOCUMENTS.piece + 2)
    return { refused: `Octets: at most ${FAX_DOCUMENTS.piece} octets in a piece` };
  return { order: { order: 'put', document, offset, octets: Octets } };
}

const whole = (value: string | undefined): number | undefined =>
  value !== undefined && /^\d{1,10}$/.test(value) ? Number(value) : undefined;
