import { type Bytes, bytesOfBase64, type Read, right, wrong } from '../bytes.ts';
import { type Es9Refusal, es9Refusal } from './refusals.ts';

/** What a server answered to a POST; bodies are those of SGP.22 6.5.2. */
export type HttpAnswer = { readonly status: number; readonly body: string };

/** What was asked for, or the server's refusal. */
export type Es9Answer<T> = { readonly is: 'given'; readonly given: T } | ({ readonly is: 'refused' } & Es9Refusal);

export type Initiated = {
  readonly transactionId: string;
  readonly serverSigned1: Bytes;
  readonly serverSignature1: Bytes;
  readonly euiccCiPKIdToBeUsed: Bytes;
  readonly serverCertificate: Bytes;
};

export const readInitiated = (answer: HttpAnswer): Read<Es9Answer<Initiated>> =>
  read(answer, (fields) => ({
    transactionId: hexField(fields, 'transactionId'),
    serverSigned1: bytesField(fields, 'serverSigned1'),
    serverSignature1: bytesField(fields, 'serverSignature1'),
    euiccCiPKIdToBeUsed: bytesField(fields, 'euiccCiPKIdToBeUsed'),
    serverCertificate: bytesField(fields, 'serverCertificate'),
  }));

export type ClientAuthenticated = {
  readonly transactionId: string;
  readonly profileMetadata: Bytes;
  readonly smdpSigned2: Bytes;
  readonly smdpSignature2: Bytes;
  readonly smdpCertificate: Bytes;
};

export const readClientAuthenticated = (answer: HttpAnswer): Read<Es9Answer<ClientAuthenticated>> =>
  read(answer, (fields) => ({
    transactionId: hexField(fields, 'transactionId'),
    profileMetadata: bytesField(fields, 'profileMetadata'),
    smdpSigned2: bytesField(fields, 'smdpSigned2'),
    smdpSignature2: bytesField(fields, 'smdpSignature2'),
    smdpCertificate: bytesField(fields, 'smdpCertificate'),
  }));

export type PackageGiven = { readonly transactionId: string; readonly boundProfilePackage: Bytes };

export const readPackage = (answer: HttpAnswer): Read<Es9Answer<PackageGiven>> =>
  read(answer, (fields) => ({
    transactionId: hexField(fields, 'transactionId'),
    boundProfilePackage: bytesField(fields, 'boundProfilePackage'),
  }));

type Fields = Readonly<Record<string, unknown>>;
type Found<T> = { readonly [K in keyof T]: T[K] | undefined };

function read<T extends object>(answer: HttpAnswer, pick: (fields: Fields) => Found<T>): Read<Es9Answer<T>> {
  const body = objectIn(answer.body);
  const state = objectOf(objectOf(body?.header)?.functionExecutionStatus);
  if (body === undefined || state === undefined) return wrong(`the server answered ${answer.status} without a status`);
  if (state.status !== 'Executed-Success' && state.status !== 'Executed-WithWarning') {
    const code = objectOf(state.statusCodeData) ?? {};
    return right({
      is: 'refused',
      ...es9Refusal(text(code.subjectCode), text(code.reasonCode), text(code.message) || text(state.status)),
    });
  }
  const found = pick(body);
  const missing = Object.entries(found).find(([, value]) => value === undefined);
  if (missing !== undefined) return wrong(`the server's answer has no readable ${missing[0]}`);
  return right({ is: 'given', given: found as T });
}

function objectIn(json: string): Fields | undefined {
  try {
    return objectOf(JSON.parse(json));
  } catch {
    return undefined;
  }
}

const objectOf = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function bytesField(fields: Fields, name: string): Bytes | undefined {
  const bytes = bytesOfBase64(text(fields[name]));
  return bytes === undefined || bytes.length === 0 ? undefined : bytes;
}

/** SGP.22 6.5.2: 1 to 16 bytes in hex; in upper case here, so that one server's habit is not another session. */
function hexField(fields: Fields, name: string): string | undefined {
  const hex = text(fields[name]).toUpperCase();
  return /^(?:[0-9A-F]{2}){1,16}$/.test(hex) ? hex : undefined;
}
