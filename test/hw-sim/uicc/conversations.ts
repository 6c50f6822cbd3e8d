import { createLocalProfiles } from '../../../agent/runtime/local-profiles.ts';
import type { Es10Call } from '../../../agent/uicc/es10/call.ts';
import type { Heard } from '../../../agent/uicc/lpa/asked.ts';
import type { DeliveryEnd } from '../../../agent/uicc/lpa/delivery.ts';
import type { DownloadEnd } from '../../../agent/uicc/lpa/download-state.ts';
import { channelToCard } from '../../../hw-sim/uicc/card-channel.ts';
import { createSmdp, type SmdpLesson } from '../../../hw-sim/uicc/smdp/smdp.ts';
import type { TestPki } from '../../../hw-sim/uicc/test-pki.ts';
import { ADDRESS, createWorld, elementsOf, ICCIDS, metadataOf, PKI, postTo, type World } from './world.ts';
export const [FIRST, SECOND] = ICCIDS;

export function ask<T>({ profiles }: Pick<World, 'profiles'>, call: Es10Call<T>): T | undefined {
  let heard: Heard<T> | undefined;
  profiles.ask(call, (said) => {
    heard = said;
  });
  return heard !== undefined && 'value' in heard ? heard.value : undefined;
}

export function deliver({ profiles }: Pick<World, 'profiles'>): DeliveryEnd | undefined {
  let end: DeliveryEnd | undefined;
  profiles.deliver((ended) => {
    end = ended;
  });
  return end;
}

/** The server lies with keys of its own; the eUICC trusts the usual root. */
export function worldWithServer(change: Partial<TestPki>): World {
  const usual = createWorld();
  const smdp = createSmdp({ ...PKI, ...change }, { address: ADDRESS });
  smdp.order({ matchingId: 'ONE', metadata: metadataOf(FIRST), elements: elementsOf(FIRST) });
  const profiles = createLocalProfiles({ channel: channelToCard(usual.card), https: postTo(smdp), clock: usual.clock });
  return { ...usual, smdp, profiles };
}

export const failure = (end: DownloadEnd | undefined) => (end?.is === 'failed' ? end.failure : end);
export const on =
  (name: string, change: (body: Record<string, string>) => Record<string, string>): SmdpLesson =>
  (path, truth) => {
    if (!path.endsWith(name)) return undefined;
    const said = truth();
    return { ...said, body: JSON.stringify(change(JSON.parse(said.body) as Record<string, string>)) };
  };
/** One bit of base64 bytes, counted from the end. */
export const flipped = (text: string | undefined, fromEnd: number): string => {
  const bytes = Buffer.from(text ?? '', 'base64');
  const at = bytes.length - fromEnd;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes.toString('base64');
};
