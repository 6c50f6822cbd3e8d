import { type Bytes, bytesOf, hexOf, right, textBytes, textOf, wrong } from '../bytes.ts';
import { iccidBytes, swappedDigits } from '../digits.ts';
import { openTlv, readTlvs, type Tlv, valueIn, writeTlv } from '../tlv.ts';
import { type Es10Call, type Es10Refusal, reading, refusalOf } from './call.ts';
import { type PolicyRules, policyRulesOf } from './identity.ts';

const NOTHING = new Uint8Array();

/** What a server tells of a profile before it is ordered (SGP.22 5.5.3, StoreMetadata). */
export type ProfileMetadata = {
  /** Digits without fill. */
  readonly iccid: string;
  readonly provider: string;
  readonly name: string;
  readonly kind: 'test' | 'provisioning' | 'operational';
  /** Of the owner: MCC and MNC as TS 24.008 codes them, and the first group identifier, in hex. */
  readonly network: string | undefined;
  readonly gid1: string | undefined;
  readonly rules: PolicyRules;
};

export type InstalledProfile = ProfileMetadata & {
  readonly aid: string;
  readonly isEnabled: boolean;
  readonly nickname: string;
};

/** By its ICCID, or by the AID of its security domain in hex: some cards take only one of them. */
export type ProfileName = { readonly iccid: string } | { readonly aid: string };

/** ICCID, AID, state, nickname, provider, name, class, owner, policy rules: all but the icon. */
const WANTED = [0x5a, 0x4f, 0x9f, 0x70, 0x90, 0x91, 0x92, 0x95, 0xb7, 0x99];

/** SGP.22 5.7.15 (ES10c.GetProfilesInfo): every profile, or the one of that name. */
export function getProfiles(only?: ProfileName): Es10Call<readonly InstalledProfile[]> {
  const search = only === undefined ? NOTHING : writeTlv(0xa0, nameTlv(only));
  return {
    name: 'GetProfilesInfo',
    send: writeTlv(0xbf2d, search, writeTlv(0x5c, Uint8Array.from(WANTED))),
    read: reading(0xbf2d, (found) => {
      const code = valueIn(found, 0x81)?.[0];
      if (code !== undefined) return wrong(`GetProfilesInfo: the eUICC refused with ${code}`);
      const list = readTlvs(valueIn(found, 0xa0) ?? NOTHING);
      if (!list.ok) return list;
      const profiles = list.value.map(({ raw }) => installedProfile(raw));
      if (profiles.includes(undefined)) return wrong('GetProfilesInfo: a profile is unreadable');
      return right(profiles.filter((profile) => profile !== undefined));
    }),
  };
}

function installedProfile(raw: Bytes): InstalledProfile | undefined {
  const found = openTlv(raw, 0xe3);
  if (!found.ok) return undefined;
  const metadata = profileMetadata(found.value);
  if (metadata === undefined) return undefined;
  return {
    ...metadata,
    aid: hexOf(valueIn(found.value, 0x4f) ?? NOTHING),
    isEnabled: valueIn(found.value, 0x9f70)?.[0] === 1,
    nickname: textOf(valueIn(found.value, 0x90) ?? NOTHING),
  };
}

/** Of the fields of StoreMetadata or of ProfileInfo, which bear the same tags; undefined without an ICCID. */
export function profileMetadata(found: readonly Tlv[]): ProfileMetadata | undefined {
  const iccid = swappedDigits(valueIn(found, 0x5a) ?? NOTHING);
  if (!/^\d{18,20}$/.test(iccid)) return undefined;
  const owner = readTlvs(valueIn(found, 0xb7) ?? NOTHING);
  const ofOwner = (tag: number) => (owner.ok ? valueIn(owner.value, tag) : undefined);
  const network = ofOwner(0x80);
  const gid1 = ofOwner(0x81);
  const kind = valueIn(found, 0x95)?.[0];
  return {
    iccid,
    provider: textOf(valueIn(found, 0x91) ?? NOTHING),
    name: textOf(valueIn(found, 0x92) ?? NOTHING),
    kind: kind === 0 ? 'test' : kind === 1 ? 'provisioning' : 'operational',
    network: network && hexOf(network),
    gid1: gid1 && hexOf(gid1),
    rules: policyRulesOf(valueIn(found, 0x99)),
  };
}

/** What became of a change: 'done', or why not. */
export type ProfileChange = { readonly is: 'done' } | ({ readonly is: 'refused' } & Es10Refusal);

/** What a change may meet; the texts say what to do. */
const COMMON = {
  1: 'no such profile on this eUICC: read the list again',
  3: 'a rule of the operator forbids it',
  5: 'the card is busy with the modem: wait and ask again, or without REFRESH',
};
const ENABLING = {
  ...COMMON,
  2: 'the profile is not disabled: it may be the one that is enabled',
  4: 'another profile was disabled by the test mode and only that one may be enabled',
};
const DISABLING = { ...COMMON, 2: 'the profile is not enabled' };
const DELETING = { ...COMMON, 2: 'the profile is enabled: enable another one first' };
const NAMING = { 1: COMMON[1] };

/**
 * SGP.22 5.7.16 (ES10c.EnableProfile). The profile that was enabled is disabled in the same transaction of the card;
 * with `refresh` the card restarts itself afterwards, and all its channels are gone.
 */
export const enableProfile = (name: ProfileName, refresh: boolean): Es10Call<ProfileChange> =>
  change('EnableProfile', 0xbf31, ENABLING, [writeTlv(0xa0, nameTlv(name)), refreshTlv(refresh)]);

/** SGP.22 5.7.17 (ES10c.DisableProfile). A site is left without a network by it: a swap enables the other one instead. */
export const disableProfile = (name: ProfileName, refresh: boolean): Es10Call<ProfileChange> =>
  change('DisableProfile', 0xbf32, DISABLING, [writeTlv(0xa0, nameTlv(name)), refreshTlv(refresh)]);

/** SGP.22 5.7.18 (ES10c.DeleteProfile): gone for good; its operator has to issue it again. */
export const deleteProfile = (name: ProfileName): Es10Call<ProfileChange> =>
  change('DeleteProfile', 0xbf33, DELETING, [nameTlv(name)]);

/** SGP.22 5.7.21 (ES10c.SetNickname): to 64 bytes of UTF-8, nothing to take it away. @throws RangeError beyond. */
export function setNickname(iccid: string, nickname: string): Es10Call<ProfileChange> {
  const text = textBytes(nickname);
  if (text.length > 64) throw new RangeError(`nickname: 64 bytes of UTF-8 at most, these are ${text.length}`);
  return change('SetNickname', 0xbf29, NAMING, [nameTlv({ iccid }), writeTlv(0x90, text)]);
}

function change(
  name: string,
  tag: number,
  names: Readonly<Record<number, string>>,
  fields: readonly Bytes[],
): Es10Call<ProfileChange> {
  return {
    name,
    send: writeTlv(tag, ...fields),
    read: reading(tag, (found) => {
      const code = valueIn(found, 0x80);
      if (code?.length !== 1) return wrong(`${name}: no result`);
      return right(code[0] === 0 ? { is: 'done' } : { is: 'refused', ...refusalOf(names, code[0] ?? 127) });
    }),
  };
}

const refreshTlv = (refresh: boolean): Bytes => writeTlv(0x81, Uint8Array.from([refresh ? 0xff : 0]));

/** @throws RangeError naming the field: a name that no profile can bear is a bug of the caller. */
function nameTlv(name: ProfileName): Bytes {
  const iccid = 'iccid' in name ? iccidBytes(name.iccid) : undefined;
  if (iccid !== undefined) return writeTlv(0x5a, iccid);
  const aid = 'aid' in name ? bytesOf(name.aid) : undefined;
  if (aid === undefined || aid.length < 5 || aid.length > 16)
    throw new RangeError('profile: an ICCID of 18 to 20 digits, or an AID of 5 to 16 bytes in hex');
  return writeTlv(0x4f, aid);
}
