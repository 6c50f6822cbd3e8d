import type { Finding } from './verify-export.ts';

/** The text of an export, or where its bytes are none: no byte is swallowed, neither a wrong one nor a mark at the beginning. */
export function exportText(bytes: Uint8Array): string | Finding {
  const text = read(bytes);
  if (text !== undefined) return text;
  return { holds: false, line: lineOfDamage(bytes), what: 'unreadable', says: 'here are bytes that are no UTF-8' };
}

function read(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

const NEWLINE = 0x0a;

/** The first line that is no text, from 1. */
function lineOfDamage(bytes: Uint8Array): number {
  for (let line = 1, from = 0; ; line += 1) {
    const end = bytes.indexOf(NEWLINE, from);
    if (end < 0 || read(bytes.subarray(from, end)) === undefined) return line;
    from = end + 1;
  }
}
