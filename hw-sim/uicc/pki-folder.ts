import { createPrivateKey } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Identity } from './certificates.ts';
import type { TestPki } from './test-pki.ts';

const NAMES = ['ci', 'eum', 'euicc', 'dpAuth', 'dpPb', 'dpTls'] as const;

/** Writes `<name>.pem` with the certificate and `<name>.key.pem` (mode 600), so that other programs can use the same world. */
export function writePki(folder: string, pki: TestPki): void {
  mkdirSync(folder, { recursive: true });
  for (const name of NAMES) {
    writeFileSync(join(folder, `${name}.pem`), certificatePem(pki[name]));
    writeFileSync(join(folder, `${name}.key.pem`), keyPem(pki[name]), { mode: 0o600 });
  }
  writeFileSync(join(folder, 'world.json'), `${JSON.stringify({ eid: pki.eid, host: pki.host }, null, 2)}\n`);
}

/** @throws where a file is missing or is none of `writePki`'s. */
export function readPki(folder: string): TestPki {
  const { eid, host } = JSON.parse(readFileSync(join(folder, 'world.json'), 'utf8')) as { eid: string; host: string };
  const identity = (name: string): Identity => ({
    certificate: derOf(readFileSync(join(folder, `${name}.pem`), 'utf8')),
    key: createPrivateKey(readFileSync(join(folder, `${name}.key.pem`))),
  });
  const [ci, eum, euicc, dpAuth, dpPb, dpTls] = NAMES.map(identity);
  if (!ci || !eum || !euicc || !dpAuth || !dpPb || !dpTls) throw new Error(`no PKI in ${folder}`);
  return { eid, host, ci, eum, euicc, dpAuth, dpPb, dpTls };
}

export function certificatePem({ certificate }: Identity): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

export const keyPem = ({ key }: Identity): string => key.export({ format: 'pem', type: 'pkcs8' }).toString();

const derOf = (pem: string): Buffer => Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
