import { X509Certificate } from 'node:crypto';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { checkServerIdentity, connect, type TLSSocket } from 'node:tls';
import { fitsTime, isTrusted, type TimeSight } from '../x509/fits-time.ts';
import { pemBlocks } from '../x509/pem.ts';

/** Whom the box takes for its broker, and what it knows of the time. */
export type BrokerTrust = {
  /** PEM. */
  readonly roots: string;
  readonly servername: string;
  readonly sight: () => TimeSight;
};

/**
 * A TLS connection that shows key and certificate of `pem`, and that ends before a byte of MQTT has left when the other side is
 * not to be believed. No session is resumed: the broker does not look at its list of revoked certificates then.
 */
export function openTrustedStream(at: { host: string; port: number }, trust: BrokerTrust, pem: string): TLSSocket {
  const { servername, roots } = trust;
  const wire = connectTcp(at);
  // Otherwise each message waits for the acknowledgment of the one before (Nagle, RFC 896).
  wire.setNoDelay(true);
  const stream = connect({
    ...{ socket: wire, ca: roots, key: pem, cert: pem, minVersion: 'TLSv1.2' },
    ...(isIP(servername) === 0 ? { servername } : {}),
    checkServerIdentity: (_host, shown) => checkServerIdentity(servername, shown),
    // Judged below, at once: OpenSSL knows no other time than that of a clock which may never have been set.
    rejectUnauthorized: false,
  });
  wire.on('error', (error) => stream.destroy(error));
  stream.on('close', () => wire.destroy());
  stream.once('secureConnect', () => {
    const why = doubt(stream, trust);
    if (why !== undefined) stream.destroy(new Error(`the broker is not believed: ${why}`));
  });
  wires.set(stream, wire);
  return stream;
}

/** What went over the wire below, with all that TLS adds. */
export const wireOf = (stream: object): Socket | undefined => wires.get(stream);
const wires = new WeakMap<object, Socket>();

const ABOUT_DATES: ReadonlySet<string> = new Set(['CERT_NOT_YET_VALID', 'CERT_HAS_EXPIRED']);

function doubt(stream: TLSSocket, { roots, servername, sight }: BrokerTrust): string | undefined {
  const shown = stream.getPeerX509Certificate();
  if (shown === undefined) return 'it shows no certificate';
  const misnamed = checkServerIdentity(servername, shown.toLegacyObject());
  if (misnamed !== undefined) return misnamed.message;
  const now = sight();
  const dates = fitsTime(lifeOf(shown), now);
  if (dates !== 'fits') return `its certificate is ${dates}: from ${shown.validFrom} to ${shown.validTo}`;
  if (stream.authorized) return undefined;
  const verdict = String(stream.authorizationError);
  if (isTrusted(now) || !ABOUT_DATES.has(verdict)) return verdict;
  // OpenSSL looks at dates last and tells the last thing that is wrong: everything else is looked at again.
  return isRightUnder(shown, roots, now) ? undefined : 'it is not right under a root of the configuration';
}

/** A server's certificate that one of the roots has signed itself, as the operator's own authority does. */
function isRightUnder(shown: X509Certificate, roots: string, now: TimeSight): boolean {
  if (shown.ca || !shown.keyUsage?.includes(FOR_SERVERS)) return false;
  return pemBlocks('CERTIFICATE', roots)
    .map((pem) => new X509Certificate(pem))
    .some(
      (root) =>
        root.ca && shown.checkIssued(root) && shown.verify(root.publicKey) && fitsTime(lifeOf(root), now) === 'fits',
    );
}

/** Extended key usage serverAuth (RFC 5280 4.2.1.12). */
const FOR_SERVERS = '1.3.6.1.5.5.7.3.1';

const lifeOf = ({ validFrom, validTo }: X509Certificate) => ({
  from: Date.parse(validFrom),
  until: Date.parse(validTo),
});
