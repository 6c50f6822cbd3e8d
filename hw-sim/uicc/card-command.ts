import type { CardState, Channel } from './card-state.ts';

/** What one command does to the card, and what it answers. */
export type Obeyed = {
  readonly word: string;
  readonly answer?: Buffer;
  readonly state?: CardState;
};
export type Command = {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  readonly data: Buffer;
  readonly expects: number | undefined;
};

/** ISO/IEC 7816-4 5.1, the short forms. */
export function commandIn(apdu: Buffer): Command | undefined {
  const [cla, ins, p1, p2, length] = apdu;
  if (cla === undefined || ins === undefined || p1 === undefined || p2 === undefined) return undefined;
  const head = { cla, ins, p1, p2 };
  if (length === undefined) return { ...head, data: Buffer.alloc(0), expects: undefined };
  if (apdu.length === 5) return { ...head, data: Buffer.alloc(0), expects: length === 0 ? 256 : length };
  if (apdu.length !== 5 + length && apdu.length !== 6 + length) return undefined;
  const last = apdu[5 + length];
  return {
    ...head,
    data: apdu.subarray(5, 5 + length),
    expects: last === undefined ? undefined : last === 0 ? 256 : last,
  };
}

export function withChannel(state: CardState, number: number, channel: Channel | undefined): CardState {
  const { [number]: _, ...others } = state.live.channels;
  const channels = channel === undefined ? others : { ...others, [number]: channel };
  return { ...state, live: { ...state.live, channels } };
}
