/** A file as bytes became text, or the reason why it cannot. */
type Decoded = { readonly text: string } | { readonly remedy: string };

/**
 * Text of a file that an office program wrote: UTF-8 with or without a byte order mark; what is not valid UTF-8 is read
 * as Windows-1252, the superset of Latin-1 that has the euro sign.
 */
export function decodeText(bytes: Uint8Array): Decoded {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return { remedy: 'the file is UTF-16; save it as UTF-8' };
  }
  const text = asUtf8(bytes) ?? asWindows(bytes);
  return text.includes('\0') ? { remedy: 'the file is not text; export it as CSV or JSON' } : { text };
}

function asUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    // The decoder's way of saying that the bytes are not UTF-8.
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** What Windows-1252 has where Latin-1 has control characters, from 0x80 on; five places are empty. */
const WINDOWS = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** Node 20 decodes "windows-1252" as Latin-1 and would lose the euro sign. */
const asWindows = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString('latin1')
    .replace(/[\u0080-\u009f]/g, (control) => WINDOWS[control.charCodeAt(0) - 0x80] ?? control);
