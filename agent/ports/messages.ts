/** A message as it lies in a storage of the modem: hexadecimal, with the service center's address before it. */
export type StoredPdu = {
  readonly index: number;
  readonly kind: 'unread' | 'read' | 'unsent' | 'sent';
  readonly pdu: string;
};

/** What became of a message that was handed to the network. */
export type Handed =
  | { readonly so: 'taken' /** TP-MR that its report will carry. */; readonly reference: number }
  /** The network or the modem said no; the code is of TS 27.005 3.2.5 where there is one. */
  | { readonly so: 'refused'; readonly code: number | undefined }
  /** Nobody knows: the modem fell silent after it had the text. Sent again it might arrive twice. */
  | { readonly so: 'unknown' }
  /** It never left: the modem was away before it had the text. */
  | { readonly so: 'kept' };

/** Short messages as PDUs of TS 23.040 (S-11). Each answer is undefined where the modem is absent or silent: that is news. */
export interface Messages {
  send(pdu: string, done: (handed: Handed) => void): void;
  stored(done: (messages: readonly StoredPdu[] | undefined) => void): void;
  erase(index: number, done: (erased: boolean) => void): void;
  /** Places taken, of places there are. */
  memory(done: (memory: { readonly used: number; readonly total: number } | undefined) => void): void;
}
