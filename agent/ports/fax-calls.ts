/** What both descriptions agreed on for T.38 over UDPTL: see `negotiate` in agent/fax/t38. */
export type FaxTerms = {
  readonly version: 0 | 1 | 2 | 3;
  /** T38MaxBitRate of both, bit/s. */
  readonly maxBitRate: number;
  /** Largest datagram that the far end takes, octets. */
  readonly largest: number;
  readonly repair: 'secondaries' | 'parity' | 'none';
};

export type FaxCallNews =
  /** A provisional response: the far end is being called. */
  | { readonly on: 'ringing' }
  /** 200 OK, sent or received: the call runs, whatever its media are. */
  | { readonly on: 'answered' }
  /** T.38 runs both ways from here; said again when a later offer changed the terms. */
  | { readonly on: 'fax-opened'; readonly terms: FaxTerms }
  /** T.38 was refused (488, 606, or an answer with port 0); the call still runs as audio, which a Class 1 modem can't give. */
  | { readonly on: 'fax-refused'; readonly status: number }
  /** A UDPTL datagram of the far end, and of nobody else. */
  | { readonly on: 'heard'; readonly datagram: Uint8Array }
  /**
   * The last news. `status` is the final response that ended an attempt, 0 where the call had been answered;
   * `text` is the operator's or our own reason, in French where we gave it (caps, barring, admission).
   */
  | {
      readonly on: 'over';
      readonly by: 'us' | 'far' | 'policy' | 'network';
      readonly status: number;
      readonly text: string;
    };

/** One call of a fax line. Whatever is asked after `over` is ignored. */
export interface FaxCall {
  /** Its SIP Call-ID: the call records of the ledger carry it too. */
  readonly id: string;
  /** Number of the fax line, E.164. */
  readonly line: string;
  /** The other end as it presented itself or was dialled; undefined where it withheld its number. */
  readonly peer: string | undefined;
  /** Incoming only: takes the call; with T.38 at once where the offer has it. */
  answer(): void;
  /** Incoming only: 486 Busy Here, 603 Decline … (RFC 3261 21). */
  refuse(status: number): void;
  /** V.21 was heard, or our own machine began: re-INVITE to T.38 unless T.38 runs or is being asked for (T.38 Annex D). */
  turnToFax(): void;
  send(datagram: Uint8Array): void;
  /** CANCEL or BYE, within 2 s whatever the far end does. */
  hangUp(): void;
}

/** Calls of the box's own fax lines over SIP and T.38. The policy of SIP holds for them as for any phone (V-1 … V-11, C-*, Q-4). */
export interface FaxCalls {
  /** Begins with audio and turns to T.38 on `turnToFax`; with `imageAtOnce` T.38 stands in the first INVITE. */
  dial(
    attempt: { readonly line: string; readonly dialled: string; readonly imageAtOnce?: boolean },
    listen: (news: FaxCallNews) => void,
  ): FaxCall;
  /** Whoever takes a call answers how its news is heard; undefined refuses with 480. The newest listener replaces the one before. */
  onCall(listen: (call: FaxCall) => ((news: FaxCallNews) => void) | undefined): void;
}
