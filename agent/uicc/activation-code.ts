import { type Read, right, wrong } from './bytes.ts';

/** What a code, usually a QR code, orders: a profile that waits at a server. */
export type ActivationCode = {
  /** Host name, with a port where there is one; empty where the eUICC's default server is meant. */
  readonly server: string;
  readonly matchingId: string;
  /** The server has to prove that it bears this OID. */
  readonly serverOid: string | undefined;
  readonly needsConfirmation: boolean;
};

const HOST =
  /^(?=.{1,253}(?::|$))[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*(?::\d{1,5})?$/;

/** SGP.22 4.1: `LPA:1$server$matching id[$OID[$1]]`, the `LPA:` left out at will, empty fields legal. */
export function readActivationCode(text: string): Read<ActivationCode> {
  const [format, server = '', matchingId = '', oid = '', confirmation = '', ...more] = text
    .trim()
    .replace(/^LPA:/i, '')
    .split('$');
  if (format !== '1')
    return wrong('activation code: has to begin with LPA:1$; a shell eats the $ unless the code stands in quotes');
  if (more.length > 0) return wrong('activation code: more than five fields; copy it again');
  if (server !== '' && !HOST.test(server)) return wrong('activation code, server: not a host name; copy it again');
  if (!/^[0-9A-Za-z-]{0,255}$/.test(matchingId))
    return wrong('activation code, matching id: letters, digits and - only; copy it again');
  if (oid !== '' && !/^\d+(\.\d+)+$/.test(oid)) return wrong('activation code, OID: numbers and dots; copy it again');
  if (confirmation !== '' && confirmation !== '1')
    return wrong('activation code, confirmation flag: 1 or nothing; copy it again');
  return right({
    server,
    matchingId,
    serverOid: oid === '' ? undefined : oid,
    needsConfirmation: confirmation === '1',
  });
}
