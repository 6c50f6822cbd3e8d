/** A fax that comes in. */
export type IncomingFax = {
  /** Call-ID of its call. */
  readonly id: string;
  /** Number of the fax line, E.164. */
  readonly line: string;
  /** Who sent it: the number of the call, and what the machine calls itself (TSI); both may be unknown. */
  readonly peer: string | undefined;
  readonly station: string;
  /** Unix ms. */
  readonly began: number;
};

/** How a fax ended; `text` is for the client, in French (`FAX_OUTCOMES`). */
export type FaxEnding = {
  readonly outcome: string;
  readonly text: string;
  readonly pages: number;
  readonly ended: number;
  /** Of the last agreement of the machines, where there was one: bits per second, and error correction. */
  readonly rate?: number | undefined;
  readonly ecm?: boolean | undefined;
};

/** Where faxes that come in are kept until the client's mail server has them. */
export interface FaxInbox {
  /**
   * Keeps a page, counted from 1, as a TIFF of one page. `done(true)` is called when no power cut can take it any more: only then may
   * it be confirmed.
   */
  keep(fax: IncomingFax, page: number, tiff: Uint8Array, done: (kept: boolean) => void): void;
  /** Nothing more comes: what was kept goes to the client. */
  end(fax: IncomingFax, ending: FaxEnding): void;
}

/** A document that waits to be sent. */
export type FaxJob = {
  readonly id: string;
  readonly line: string;
  /** The number as it is to be dialled. */
  readonly to: string;
  readonly pages: number;
  /** Pages that the far end has confirmed in calls before: they are not sent, nor billed, once more. */
  readonly confirmed: number;
  /** Calls made so far. */
  readonly tries: number;
  /** Not before this instant, Unix ms. */
  readonly notBefore: number;
  /** A call that the agent did not survive: its name in the ledger, which knows what `confirmed` does not hold yet. */
  readonly cut?: string | undefined;
};

export type FaxJobNote =
  /** A call begins, or a page more was confirmed; `call` from when it was let through, with the pages confirmed before it. */
  | {
      readonly state: 'calling';
      readonly tries: number;
      readonly confirmed: number;
      readonly call?: { readonly fax: string; readonly before: number };
    }
  | {
      readonly state: 'waiting';
      readonly tries: number;
      readonly confirmed: number;
      readonly notBefore: number;
      readonly last: FaxEnding;
    }
  /** The end of the job: all pages confirmed, or given up. */
  | { readonly state: 'sent' | 'failed'; readonly tries: number; readonly confirmed: number; readonly last: FaxEnding };

/** Documents to be sent, whoever put them there: the command line, USP, a printer. */
export interface FaxOutbox {
  /** Each document once, when it is found complete and good; those that a life before left unsent first. */
  onJob(hear: (job: FaxJob) => void): void;
  /** The document as TIFF, or undefined when it is gone. */
  open(id: string, done: (tiff: Uint8Array | undefined) => void): void;
  /** `kept` when the note is on the medium, or could not be written. */
  note(id: string, note: FaxJobNote, kept?: (kept: boolean) => void): void;
}
