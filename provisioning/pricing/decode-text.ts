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
  const text = asUtf8(bytes) ?? new TextDecoder('windows-1252').decode(bytes);
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
