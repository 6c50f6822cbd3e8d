/** Bounds of documents that controllers hand over to be faxed (X-7, M-6): octets of a document and of a piece, how many at once. */
export const FAX_DOCUMENTS = {
  largest: 10_485_760,
  /** In base64 it fits into a record of 256 kB, and into the 256 kB that brokers take. */
  piece: 131_072,
  /** Of one that is read: small enough for a notification. */
  readPiece: 65_536,
  /** Documents that are not over: on their way in, or waiting to be faxed. */
  most: 20,
} as const;

export type FaxDocumentState = 'receiving' | 'preparing' | 'waiting' | 'calling' | 'sent' | 'failed' | 'refused';

/** The command that waits for the end of a document, as `LocalAgent.Request` shows it. */
export type FaxDocumentRequest = {
  readonly number: number;
  readonly controller: number;
  readonly command: string;
  readonly commandKey: string;
};

/** What a controller wants to be faxed. */
export type FaxDocumentWish = {
  /** Its row; never used twice. */
  readonly number: number;
  /** Endpoint of the controller, and the name that it gave the document: one document for each pair. */
  readonly by: string;
  readonly name: string;
  /** The fax line that sends, E.164; the number to be dialed. */
  readonly line: string;
  readonly to: string;
  /** Octets, and their SHA-256 in lower-case hex. */
  readonly bytes: number;
  readonly sha256: string;
  readonly request: FaxDocumentRequest;
};

export type FaxDocument = FaxDocumentWish & {
  /** Octets that no power cut can take: the next piece begins there. */
  readonly bytesKept: number;
  readonly state: FaxDocumentState;
  readonly pages: number;
  readonly confirmed: number;
  readonly calls: number;
  /** How it ended, or the last call did: in French, for the client; of a refusal the field and the remedy. */
  readonly text: string;
  /** Unix ms. */
  readonly began: number;
};

/** A fax that came in on a terminal line; its pages are in the spool until the mail server has them. */
export type ReceivedFax = {
  /** Its row; never used twice. */
  readonly number: number;
  readonly line: string;
  /** Who sent it: number of the call, empty where withheld, and what its machine calls itself. */
  readonly from: string;
  readonly station: string;
  /** Unix ms. */
  readonly began: number;
  readonly ended: number;
  readonly pages: number;
  readonly rate?: number | undefined;
  readonly ecm?: boolean | undefined;
  readonly outcome: string;
  /** In French, for the client. */
  readonly text: string;
  readonly mail: 'waiting' | 'delivered' | 'stuck';
};

/** A part of the PDF of a fax, with the whole's length and SHA-256 so that the reader can judge it. */
export type FaxPiece = {
  readonly offset: number;
  /** Base64. */
  readonly octets: string;
  readonly bytes: number;
  readonly sha256: string;
};

/** The fax terminal as the management plane sees it. */
export type FaxView = {
  /** Numbers of the site's terminal lines. */
  readonly lines: readonly string[];
  readonly documents: readonly FaxDocument[];
  readonly received: readonly ReceivedFax[];
};

/** Nothing more becomes of it. */
export const isOver = ({ state }: Pick<FaxDocument, 'state'>): boolean =>
  state === 'sent' || state === 'failed' || state === 'refused';
