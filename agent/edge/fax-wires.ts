import { createHash } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import type { FaxWires } from '../ports/fax-wires.ts';
import { createUdptlSockets } from './udptl-socket.ts';

/** What the box gives to its fax lines. `device`: the interface of the main link, whose address they say until the operator says better. */
export function openFaxWires(
  passwords: FaxWires['passwords'],
  device: string,
  fault: (error: Error) => void,
): FaxWires {
  return {
    passwords,
    media: createUdptlSockets(fault),
    hash: (algorithm, text) =>
      createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
        .update(text, 'utf8')
        .digest('hex'),
    address: () => addressOf(device),
  };
}

/** RFC 5737: an address that is nobody's, where the link has none yet. */
const NOBODY = '192.0.2.1';

const addressOf = (device: string): string =>
  networkInterfaces()[device]?.find(({ family }) => family === 'IPv4')?.address ?? NOBODY;
