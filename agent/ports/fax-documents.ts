import type { FaxDocument, FaxDocumentWish, FaxPiece, ReceivedFax } from '../model/fax-documents.ts';

/** Why something was not done: the field and the remedy; undefined: done, and on the medium. */
export type FaxRefusal = string | undefined;

/** Documents that come over the management plane, and faxes that came in (X-7, M-6). */
export interface FaxDocuments {
  /** In the order of their numbers: those that are not over, and the last that are. */
  list(): readonly FaxDocument[];
  received(): readonly ReceivedFax[];
  begin(wish: FaxDocumentWish, done: (refusal: FaxRefusal) => void): void;
  /** `octets` in base64. A piece that is there already is taken again in silence; the last one sends the document off. */
  put(
    number: number,
    piece: { readonly offset: number; readonly octets: string },
    done: (refusal: FaxRefusal) => void,
  ): void;
  /** Gives up a document that is still on its way in. */
  withdraw(number: number, done: (refusal: FaxRefusal) => void): void;
  /** A part of the PDF of a fax that came in. */
  read(number: number, offset: number, done: (read: FaxPiece | { readonly refusal: string }) => void): void;
}
