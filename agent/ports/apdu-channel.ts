/** Why there is no channel: no modem or card that answers, no such application on it, or no channel left. */
export type ChannelRefusal = 'silent' | 'no-application' | 'refused';

/**
 * The road to applications of the card. APDUs are hex, without the channel in their class byte: whoever carries them knows
 * it. One command at a time. That the road fails is news: nothing here throws.
 */
export interface ApduChannel {
  /** Opens a logical channel on an application, named in hex; one that an earlier life left open is closed first. */
  open(application: string, done: (opened: number | ChannelRefusal) => void): void;
  /** Answer and status word in hex; undefined where the modem did not answer: whether the card did it is not known. */
  send(channel: number, command: string, done: (reply: string | undefined) => void): void;
  /** After a REFRESH the card has closed it already: that is no failure. */
  close(channel: number, done: () => void): void;
}
