/** What a stream holds: whole messages and keep-alives in their order, and what is still to be completed. */
export type Split = {
  readonly parts: readonly StreamPart[];
  readonly rest: Uint8Array;
};
/** `message` goes to whoever reads SIP; `between` is what stands around messages: CRLF, keep-alives (RFC 5626 3.5.1). */
export type StreamPart = { readonly is: 'message' | 'between'; readonly bytes: Uint8Array };

const CR = 13;
const LF = 10;
const LARGEST_HEAD = 65_535;
const LARGEST_BODY = 65_535;
const decoder = new TextDecoder('latin1');

/**
 * Cuts a stream where RFC 3261 18.3 has messages end: after the head, Content-Length further octets. Undefined when the
 * stream is no SIP, or can't be cut any more: then whatever comes is passed on as it comes.
 */
export function splitStream(bytes: Uint8Array): Split | undefined {
  const parts: StreamPart[] = [];
  let at = 0;
  while (at < bytes.length) {
    const start = at;
    while (bytes[at] === CR || bytes[at] === LF) at += 1;
    if (at > start) parts.push({ is: 'between', bytes: bytes.subarray(start, at) });
    if (at === bytes.length) break;
    const head = headEnd(bytes, at);
    if (head === undefined) {
      if (bytes.length - at > LARGEST_HEAD) return undefined;
      return { parts, rest: bytes.subarray(at) };
    }
    const length = contentLength(decoder.decode(bytes.subarray(at, head)));
    if (length === undefined) return undefined;
    const end = head + length;
    if (end > bytes.length) return { parts, rest: bytes.subarray(at) };
    parts.push({ is: 'message', bytes: bytes.subarray(at, end) });
    at = end;
  }
  return { parts, rest: new Uint8Array() };
}

/** Where the head ends: after its empty line. */
function headEnd(bytes: Uint8Array, from: number): number | undefined {
  for (let at = from; at + 1 < bytes.length; at += 1) {
    if (bytes[at] !== LF) continue;
    if (bytes[at + 1] === LF) return at + 2;
    if (bytes[at + 1] === CR && bytes[at + 2] === LF) return at + 3;
  }
  return undefined;
}

/** A head without Content-Length has no end on a stream (RFC 3261 20.14); one that says it twice has two. */
function contentLength(head: string): number | undefined {
  if (!/^\S+[ \t]+\S/.test(head)) return undefined;
  const said = new Set(
    [...head.matchAll(/\r?\n(?:content-length|l)[ \t]*:(?:[ \t]|\r?\n[ \t])*([^\r\n]*?)[ \t]*(?=\r?\n)/gi)].map(
      ([, value]) => value ?? '',
    ),
  );
  const [only = ''] = said;
  if (said.size !== 1 || !/^\d{1,9}$/.test(only)) return undefined;
  const length = Number(only);
  return length > LARGEST_BODY ? undefined : length;
}
