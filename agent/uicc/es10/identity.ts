import { type Bytes, hexOf, type Read, right, textBytes, textOf, wrong } from '../bytes.ts';
import { openTlv, readTlvs, type Tlv, tlvOf, valueIn, writeTlv } from '../tlv.ts';
import { type Es10Call, type Es10Refusal, reading, refusalOf } from './call.ts';

const NOTHING = new Uint8Array();

/** SGP.22 5.7.20 (ES10c.GetEID): 32 digits. */
export const GET_EID: Es10Call<string> = {
  name: 'GetEID',
  send: writeTlv(0xbf3e, writeTlv(0x5c, Uint8Array.from([0x5a]))),
  read: reading(0xbf3e, (found) => {
    const eid = hexOf(valueIn(found, 0x5a) ?? NOTHING);
    return /^\d{32}$/.test(eid) ? right(eid) : wrong('GetEID: no EID of 32 digits');
  }),
};

/** What a server needs to know of an eUICC; `raw` goes to it unchanged. Key identifiers in hex. */
export type EuiccInfo1 = {
  readonly raw: Bytes;
  readonly version: string;
  readonly verifies: readonly string[];
  readonly signs: readonly string[];
};

/** SGP.22 5.7.8 (ES10b.GetEUICCInfo). */
export const GET_INFO_1: Es10Call<EuiccInfo1> = {
  name: 'GetEUICCInfo1',
  send: writeTlv(0xbf20),
  read: (answer) => reading(0xbf20, (found) => infoOf(found, answer))(answer),
};

export type EuiccInfo2 = EuiccInfo1 & {
  readonly profileVersion: string;
  readonly firmware: string;
  /** Bytes for files and applications that are left; undefined where the eUICC does not say. */
  readonly freeBytes: number | undefined;
  /** Policy rules that this eUICC refuses (SGP.22 2.9.1). */
  readonly forbiddenRules: PolicyRules;
};

/** SGP.22 5.7.8. */
export const GET_INFO_2: Es10Call<EuiccInfo2> = {
  name: 'GetEUICCInfo2',
  send: writeTlv(0xbf22),
  read: (answer) =>
    reading(0xbf22, (found) => {
      const info = infoOf(found, answer);
      if (!info.ok) return info;
      return right({
        ...info.value,
        profileVersion: versionOf(valueIn(found, 0x81)),
        firmware: versionOf(valueIn(found, 0x83)),
        freeBytes: freeBytesOf(valueIn(found, 0x84)),
        forbiddenRules: policyRulesOf(valueIn(found, 0x99)),
      });
    })(answer),
};

function infoOf(found: readonly Tlv[], raw: Bytes): Read<EuiccInfo1> {
  const version = valueIn(found, 0x82);
  const verifies = keyIdentifiers(found, 0xa9);
  const signs = keyIdentifiers(found, 0xaa);
  if (version === undefined || verifies === undefined || signs === undefined)
    return wrong('GetEUICCInfo: version or key identifiers are missing');
  return right({ raw, version: versionOf(version), verifies, signs });
}

function keyIdentifiers(found: readonly Tlv[], tag: number): readonly string[] | undefined {
  const list = readTlvs(valueIn(found, tag) ?? NOTHING);
  if (tlvOf(found, tag) === undefined || !list.ok) return undefined;
  return list.value.filter((one) => one.tag === 0x04).map((one) => hexOf(one.value));
}

const versionOf = (value: Bytes | undefined): string => [...(value ?? NOTHING)].join('.');

/** ETSI TS 102 226 8.2.1.7.2: 82 says what is left of the non-volatile memory. */
function freeBytesOf(value: Bytes | undefined): number | undefined {
  const found = readTlvs(value ?? NOTHING);
  const left = found.ok ? valueIn(found.value, 0x82) : undefined;
  if (left === undefined || left.length > 4) return undefined;
  return left.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** PPR1: the profile may not be disabled. PPR2: it may not be deleted (SGP.22 2.9.1). */
export type PolicyRules = { readonly noDisabling: boolean; readonly noDeletion: boolean };

/** BIT STRING of SGP.22 PprIds: bit 0 tells that the rules may be changed, 1 and 2 are PPR1 and PPR2. */
export function policyRulesOf(value: Bytes | undefined): PolicyRules {
  const bits = value?.[1] ?? 0;
  return { noDisabling: (bits & 0x40) !== 0, noDeletion: (bits & 0x20) !== 0 };
}

/** SGP.22 5.7.7 (ES10b.GetEUICCChallenge): 16 bytes in hex; a new one ends the session before. */
export const GET_CHALLENGE: Es10Call<Bytes> = {
  name: 'GetEUICCChallenge',
  send: writeTlv(0xbf2e),
  read: reading(0xbf2e, (found) => {
    const challenge = valueIn(found, 0x80);
    return challenge?.length === 16 ? right(challenge) : wrong('GetEUICCChallenge: no challenge of 16 bytes');
  }),
};

/** The servers that an eUICC was made with: of its issuer, and of the discovery service. */
export type ConfiguredAddresses = { readonly server: string | undefined; readonly discovery: string | undefined };

/** SGP.22 5.7.3 (ES10a.GetEuiccConfiguredAddresses). */
export const GET_ADDRESSES: Es10Call<ConfiguredAddresses> = {
  name: 'GetEuiccConfiguredAddresses',
  send: writeTlv(0xbf3c),
  read: reading(0xbf3c, (found) => {
    const text = (tag: number) => textOf(valueIn(found, tag) ?? NOTHING) || undefined;
    return right({ server: text(0x80), discovery: text(0x81) });
  }),
};

/** SGP.22 5.7.4 (ES10a.SetDefaultDpAddress); undefined when it was done. */
export const setDefaultServer = (server: string): Es10Call<Es10Refusal | undefined> => ({
  name: 'SetDefaultDpAddress',
  send: writeTlv(0xbf3f, writeTlv(0x80, textBytes(server))),
  read: reading(0xbf3f, (found) => {
    const code = valueIn(found, 0x80)?.[0];
    if (code === undefined) return wrong('SetDefaultDpAddress: no result');
    return right(code === 0 ? undefined : refusalOf({}, code));
  }),
});

/** An operator's right to policy rules; digits of MCC and MNC with E for "any", group identifiers in hex. */
export type RatRule = {
  readonly rules: PolicyRules;
  readonly operators: readonly { readonly network: string; readonly gid1: string | undefined }[];
  readonly needsConsent: boolean;
};

/** SGP.22 5.7.22 (ES10b.GetRAT): the Rules Authorisation Table, in its order, which decides. */
export const GET_RAT: Es10Call<readonly RatRule[]> = {
  name: 'GetRAT',
  send: writeTlv(0xbf43),
  read: reading(0xbf43, (found) => {
    const list = readTlvs(valueIn(found, 0xa0) ?? NOTHING);
    if (!list.ok) return list;
    const rules = list.value.map((one) => ratRule(one.raw));
    return rules.includes(undefined)
      ? wrong('GetRAT: a rule is unreadable')
      : right(rules.filter((rule) => rule !== undefined));
  }),
};

function ratRule(raw: Bytes): RatRule | undefined {
  const found = openTlv(raw, 0x30);
  const operators = found.ok ? readTlvs(valueIn(found.value, 0xa1) ?? NOTHING) : found;
  if (!found.ok || !operators.ok) return undefined;
  return {
    rules: policyRulesOf(valueIn(found.value, 0x80)),
    operators: operators.value.map(({ raw: operator }) => operatorOf(operator)).filter((one) => one !== undefined),
    needsConsent: ((valueIn(found.value, 0x82)?.[1] ?? 0) & 0x80) !== 0,
  };
}

function operatorOf(raw: Bytes): RatRule['operators'][number] | undefined {
  const found = openTlv(raw, 0x30);
  const network = found.ok ? valueIn(found.value, 0x80) : undefined;
  if (!found.ok || network === undefined) return undefined;
  const gid1 = valueIn(found.value, 0x81);
  return { network: hexOf(network), gid1: gid1 && hexOf(gid1) };
}
