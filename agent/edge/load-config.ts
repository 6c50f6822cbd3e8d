import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { Fault } from '../model/fault.ts';
import {
  type BoxConfig,
  BoxConfigSchema,
  SignedConfigSchema,
  type SiteConfig,
  SiteConfigSchema,
} from '../model/site-config.ts';

export type LoadedConfig = {
  readonly box: BoxConfig;
  readonly site: SiteConfig;
  /** Password for a broker that wants one. */
  readonly secret: string | undefined;
  /** What heartbeats are keyed by; there wherever the site has any. */
  readonly beatSecret?: string | undefined;
};

/**
 * Reads the box's own file and the signed site configuration that it names. Whole or not at all.
 * @throws Fault `config.unreadable`, `config.refused` (with the field and the remedy), `config.signature`.
 */
export function loadConfig(file: string): LoadedConfig {
  const box = parse(BoxConfigSchema, readJson(file), file);
  const site = readSigned(box.siteConfig, readText(box.operatorKey));
  checkLinks(box, site, file);
  // A password is no way in where the broker wants a certificate: it is not even read.
  const secret = site.central.tls ? undefined : readSecret(box, file, 'the configuration of the site orders no TLS');
  const beatSecret = site.failover.heartbeat && readSecret(box, file, 'heartbeats are keyed by it');
  return { box, site, secret, beatSecret };
}

function readSecret({ uplinkSecret }: BoxConfig, file: string, why: string): string {
  if (uplinkSecret !== undefined) return readText(uplinkSecret).trim();
  const remedy = `name the file with the password of the device; ${why}`;
  throw new Fault('config.refused', { file, field: 'uplinkSecret', remedy });
}

/** The signature is over the very bytes of the payload: they are checked before they are read (P-1, D-3). */
function readSigned(file: string, operatorKey: string): SiteConfig {
  const envelope = parse(SignedConfigSchema, readJson(file), file);
  const payload = Buffer.from(envelope.payload, 'base64');
  const key = publicKey(operatorKey, file);
  if (!verify(null, payload, key, Buffer.from(envelope.signature, 'base64'))) {
    throw new Fault('config.signature', {
      file,
      remedy: 'ask the operator for the configuration of this site, or check operatorKey',
    });
  }
  return parse(SiteConfigSchema, parseJson(payload.toString('utf8'), file), file);
}

function publicKey(pem: string, file: string): KeyObject {
  try {
    return createPublicKey(pem);
  } catch (cause) {
    throw new Fault(
      'config.signature',
      { file, remedy: 'operatorKey must be a PEM file with an Ed25519 public key' },
      { cause },
    );
  }
}

function checkLinks(box: BoxConfig, site: SiteConfig, file: string): void {
  const missing = site.links.find((link) => box.interfaces.links[link.name] === undefined);
  if (missing === undefined) return;
  const field = `interfaces.links.${missing.name}`;
  throw new Fault('config.refused', {
    file,
    field,
    remedy: `name the interface of the link "${missing.name}" that the site configuration orders`,
  });
}

function parse<T>(schema: z.ZodType<T>, json: unknown, file: string): T {
  const read = schema.safeParse(json);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw new Fault('config.refused', {
    file,
    field: issue?.path.join('.') ?? '',
    remedy: issue?.message ?? '',
    problems: read.error.issues.length,
  });
}

const readJson = (file: string): unknown => parseJson(readText(file), file);

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Fault('config.unreadable', { file, remedy: 'the file must be JSON' }, { cause });
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Fault(
      'config.unreadable',
      { file, remedy: 'the file must exist and be readable by the agent' },
      { cause },
    );
  }
}

export const sha256hex = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
