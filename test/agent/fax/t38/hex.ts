export const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');

/** Spaces are for the reader. */
export const unhex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replace(/\s/g, ''), 'hex'));
