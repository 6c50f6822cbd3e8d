import { bytes, der, nodesIn, pick, upper, utf8 } from './ber.ts';
import type { Euicc, Profile } from './card-state.ts';
import { code, type EuiccCall, type EuiccFunction, type EuiccSaid, say } from './euicc-call.ts';
import { notify, type ProfileEvent } from './euicc-notifications.ts';

const metadataOf = ({ metadata }: Profile) => nodesIn(nodesIn(bytes(metadata))?.[0]?.body);

/** PPR1 forbids disabling, PPR2 deletion (SGP.22 2.9.1). */
const forbids = (profile: Profile, bit: number): boolean =>
  ((pick(metadataOf(profile), '99')?.body[1] ?? 0) & bit) !== 0;

export const PROFILES: Readonly<Record<string, EuiccFunction>> = {
  BF2D({ euicc, fields }) {
    const wanted = nodesIn(pick(fields, 'A0')?.body)?.[0];
    const found = euicc.profiles.filter((profile) => wanted === undefined || isNamed(profile, wanted.tag, wanted.body));
    return say('BF2D', der('A0', ...found.map((profile) => told(profile, pick(fields, '5C')?.body))));
  },
  BF29(call) {
    const { euicc, fields } = call;
    const iccid = upper(pick(fields, '5A')?.body ?? Buffer.alloc(0));
    const nickname = pick(fields, '90')?.body.toString('utf8') ?? '';
    if (!euicc.profiles.some((profile) => profile.iccid === iccid)) return code('BF29', 1);
    const profiles = euicc.profiles.map((profile) => (profile.iccid === iccid ? { ...profile, nickname } : profile));
    return { ...code('BF29', 0), euicc: { ...euicc, profiles } };
  },
  BF31(call) {
    const profile = named(call);
    const before = call.euicc.profiles.find(({ isEnabled }) => isEnabled);
    if (profile === undefined) return code('BF31', 1);
    if (profile.isEnabled) return code('BF31', 2);
    if (before !== undefined && forbids(before, 0x40)) return code('BF31', 3);
    return switched(call, 'BF31', [...(before ? [[before, 'disable'] as const] : []), [profile, 'enable']]);
  },
  BF32(call) {
    const profile = named(call);
    if (profile === undefined) return code('BF32', 1);
    if (!profile.isEnabled) return code('BF32', 2);
    if (forbids(profile, 0x40)) return code('BF32', 3);
    return switched(call, 'BF32', [[profile, 'disable']]);
  },
  BF33(call) {
    const profile = named(call);
    const { euicc, keys } = call;
    if (profile === undefined) return code('BF33', 1);
    if (profile.isEnabled) return code('BF33', 2);
    if (forbids(profile, 0x20)) return code('BF33', 3);
    const left = euicc.profiles.filter((other) => other !== profile);
    return { ...code('BF33', 0), euicc: notify({ ...euicc, profiles: left }, keys, profile, 'delete') };
  },
};

/** Both changes and their notifications in one transaction of the card: at no time is none enabled that could be. */
function switched(call: EuiccCall, tag: string, changes: readonly (readonly [Profile, ProfileEvent])[]): EuiccSaid {
  const events = new Map(changes);
  const profiles = call.euicc.profiles.map((profile) => {
    const event = events.get(profile);
    return event === undefined ? profile : { ...profile, isEnabled: event === 'enable' };
  });
  let euicc: Euicc = { ...call.euicc, profiles };
  for (const [profile, event] of changes) euicc = notify(euicc, call.keys, profile, event);
  const refreshes = pick(call.fields, '81')?.body[0] !== 0;
  return { ...code(tag, 0), euicc, live: { refreshes, pinGiven: false } };
}

function named({ euicc, fields }: EuiccCall): Profile | undefined {
  const name = nodesIn(pick(fields, 'A0')?.body)?.[0] ?? pick(fields, '5A') ?? pick(fields, '4F');
  return name && euicc.profiles.find((profile) => isNamed(profile, name.tag, name.body));
}

function isNamed(profile: Profile, tag: string, name: Buffer): boolean {
  if (tag === '5A') return profile.iccid === upper(name);
  if (tag === '4F') return profile.aid === upper(name);
  return tag === '95' && (pick(metadataOf(profile), '95')?.body ?? bytes('02')).equals(name);
}

/** SGP.22 5.7.15, ProfileInfo with what the tag list asks for; what StoreMetadata brought bears the same tags. */
function told(profile: Profile, tagList: Buffer | undefined): Buffer {
  const own = [
    der('5A', bytes(profile.iccid)),
    der('4F', bytes(profile.aid)),
    der('9F70', bytes(profile.isEnabled ? '01' : '00')),
    ...(profile.nickname === '' ? [] : [der('90', utf8(profile.nickname))]),
  ];
  const loaded = (metadataOf(profile) ?? []).filter(({ tag }) => tag !== '5A').map(({ whole }) => whole);
  const wanted = (tagList && upper(tagList).match(/(?:[159B]F..|..)/g)) ?? [
    '5A',
    '4F',
    '9F70',
    '90',
    '91',
    '92',
    '93',
    '94',
    '95',
  ];
  const isWanted = (object: Buffer) => wanted.some((tag) => upper(object).startsWith(tag));
  return der('E3', ...[...own, ...loaded].filter(isWanted));
}
