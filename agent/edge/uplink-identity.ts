import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  X509Certificate,
} from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { Fault, isFault } from '../model/fault.ts';
import type { UplinkIdentity } from '../ports/uplink-identity.ts';
import { fromPem, pemBlocks, toPem } from '../x509/pem.ts';
import { certificateRequest } from '../x509/request.ts';
import { renameDurably, replaceFileSync } from './replace-file-sync.ts';

/** Key and certificate in one PEM, and whether it is the one in use or the one that is to take its place. */
export type Shown = { readonly pem: string; readonly which: 'present' | 'next' };

/** The identity of a box at the broker: one file in use, and beside it the one that is asked for or on trial. */
export type IdentityFiles = UplinkIdentity & {
  /** PKCS#10 in PEM for the next key, which is made when there is none: what `relais enroll` prints. */
  ask(): string;
  /** What to show at the next connection; read anew each time. */
  show(): Shown | undefined;
  /** The broker let the box in by it: the next one takes the place of the one before. */
  worked(shown: Shown): void;
  /** It did not: the other one has its turn, and once that one works a next one that failed is set aside. */
  failed(shown: Shown): void;
};

type Held = { readonly key: KeyObject; readonly pem: string; readonly certificate: X509Certificate | undefined };

/** The private keys are made here, lie in files of mode 0600 and go nowhere (D-3). */
export function openUplinkIdentity(file: string, device: string): IdentityFiles {
  const next = `${file}.next`;
  let nextFailed = false;

  const keyToAskFor = (): KeyObject => {
    const held = peek(next);
    if (held !== undefined && held.certificate === undefined) return held.key;
    const key = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
    replaceFileSync(next, pemOf(key));
    return key;
  };
  const requestFor = (key: KeyObject): Uint8Array => {
    const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' });
    return certificateRequest(device, publicKey, (message) => sign('sha256', message, key));
  };

  return {
    life() {
      const held = [peek(next), peek(file)].find((one) => one?.certificate !== undefined)?.certificate;
      return held && { from: Date.parse(held.validFrom), until: Date.parse(held.validTo) };
    },
    ask: () => toPem('CERTIFICATE REQUEST', requestFor(keyToAskFor())),
    request() {
      const present = peek(file);
      if (present?.certificate === undefined) return undefined;
      try {
        const request = requestFor(keyToAskFor());
        const proof = sign('sha256', request, present.key).toString('base64');
        return { request: toPem('CERTIFICATE REQUEST', request), proof };
      } catch {
        // No room for a key, or a medium that fails: it is asked for later.
        return undefined;
      }
    },
    take(pem) {
      const asked = peek(next);
      if (asked === undefined || asked.certificate !== undefined) return 'no certificate was asked for';
      const given = certificateIn(pem);
      if (given === undefined) return 'it is no certificate in PEM';
      if (!given.checkPrivateKey(asked.key)) return 'it is for another key than the one that was asked for';
      if (given.subject !== `CN=${device}`) return `it bears another name than ${device}`;
      nextFailed = false;
      return kept(next, `${pemOf(asked.key)}${given.toString()}`);
    },
    show() {
      const tried = peek(next);
      const hasNext = tried?.certificate !== undefined;
      if (hasNext && !(nextFailed && peek(file)?.certificate)) return { pem: tried.pem, which: 'next' };
      const present = read(file);
      return present?.certificate && { pem: present.pem, which: 'present' };
    },
    worked({ which }) {
      if (which === 'next') renameDurably(next, file);
      else if (nextFailed && peek(next)?.certificate !== undefined) renameDurably(next, `${file}.refused`);
      nextFailed = false;
    },
    failed({ which }) {
      nextFailed = which === 'next';
    },
  };
}

/** Why it could not be kept, where it could not. */
function kept(file: string, text: string): string | undefined {
  try {
    replaceFileSync(file, text);
    return undefined;
  } catch (error) {
    return `it could not be written: ${String(error)}`;
  }
}

const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

/** @throws Fault `config.refused` for a file that holds no key of curve P-256. */
function read(file: string): Held | undefined {
  if (!existsSync(file)) return undefined;
  const pem = readFileSync(file, 'utf8');
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return { key, pem, certificate: certificateIn(pem) };
  } catch (cause) {
    throw new Fault('config.refused', { file, remedy: REMEDY }, { cause });
  }
  throw new Fault('config.refused', { file, remedy: REMEDY });
}

/** A damaged file is none, where the box can go on without it. */
function peek(file: string): Held | undefined {
  try {
    return read(file);
  } catch (error) {
    if (!isFault(error)) throw error;
    return undefined;
  }
}

const REMEDY =
  'the file must hold a private key of curve P-256 and its certificate in PEM: remove it and run relais enroll';

function certificateIn(pem: string): X509Certificate | undefined {
  const [block] = pemBlocks('CERTIFICATE', pem);
  if (block === undefined || fromPem('CERTIFICATE', block) === undefined) return undefined;
  try {
    return new X509Certificate(block);
  } catch {
    return undefined;
  }
}
