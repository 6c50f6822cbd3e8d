/** What a modem said, cut: a whole line, or the prompt that asks for a text (TS 27.005 3.5.1), which has no line end. */
type Token = { readonly is: 'line'; readonly text: string } | { readonly is: 'prompt' };

/** `next` is where to go on; without a token it is where the line begins that is not over. */
type Scanned = { readonly token: Token | undefined; readonly next: number };

/**
 * An APDU of 256 bytes has 530 characters; a modem that fetches all that waits behind 61xx by itself says the whole of an
 * eUICC's answer in one line, some kilobytes. What goes beyond is noise of a line without line ends.
 */
const LONGEST_LINE = 16_384;

/**
 * The next token of what was heard, from a place on. V.250 5.7.1 ends lines with CR LF, a modem that starts up with
 * either, and an echo with CR alone: every CR and every LF ends a line, and empty lines are nothing.
 * @param wantsPrompt only a question that has a text to send looks for a prompt; for all others `>` is an ordinary character.
 */
export function scan(heard: string, from: number, wantsPrompt: boolean): Scanned {
  let at = from;
  while (isEnd(heard, at)) at += 1;
  if (wantsPrompt && heard.charCodeAt(at) === GREATER) return { token: { is: 'prompt' }, next: at + 1 };
  let end = at;
  while (end < heard.length && !isEnd(heard, end)) end += 1;
  if (end === heard.length) return { token: undefined, next: at };
  return { token: { is: 'line', text: heard.slice(at, Math.min(end, at + LONGEST_LINE)) }, next: end + 1 };
}

/** What is kept of a line that is not over. */
export const restOf = (heard: string, next: number): string => heard.slice(next, next + LONGEST_LINE);

/** One character a byte, so that garbage stays what it is and cannot swallow the byte after it. */
export const latin1 = (chunk: Uint8Array): string =>
  Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1');

const GREATER = 0x3e;
const isEnd = (text: string, at: number): boolean => text.charCodeAt(at) === 0x0d || text.charCodeAt(at) === 0x0a;
