import { hours, millis, seconds } from '../../../agent/model/units.ts';
import type { ApduChannel } from '../../../agent/ports/apdu-channel.ts';
import type { HttpsPost } from '../../../agent/ports/https-post.ts';
import { createLocalProfiles, type LocalProfiles } from '../../../agent/runtime/local-profiles.ts';
import type { DownloadEnd, DownloadOrder } from '../../../agent/uicc/lpa/download-state.ts';
import { createSimClock, type SimClock } from '../../../hw-sim/site/sim-clock.ts';
import type { Card } from '../../../hw-sim/uicc/card.ts';
import { channelToCard } from '../../../hw-sim/uicc/card-channel.ts';
import { createEuicc } from '../../../hw-sim/uicc/create-euicc.ts';
import { profileElements, TS48_SIZE } from '../../../hw-sim/uicc/profile-elements.ts';
import { profileMetadata } from '../../../hw-sim/uicc/smdp/profile-metadata.ts';
import { createSmdp, type SimSmdp } from '../../../hw-sim/uicc/smdp/smdp.ts';
import { createTestPki } from '../../../hw-sim/uicc/test-pki.ts';

export const PKI = createTestPki();
export const ADDRESS = 'smdp.example';
export const ICCIDS = ['8933100000000000017', '8933200000000000025'] as const;

export const elementsOf = (
  iccid: string,
  size: { readonly moreFiles: number; readonly moreBytes: number } = TS48_SIZE,
) => profileElements({ iccid, imsi: '208100000000001', pin: '1234', puk: '12345678', ...size });

export const metadataOf = (iccid: string, more: { readonly rules?: 'no-disabling' | 'no-deletion' } = {}) =>
  profileMetadata({ iccid, provider: 'Relais', name: `Line ${iccid.slice(-3)}`, tells: [ADDRESS], ...more });

export const ORDER: DownloadOrder = {
  server: ADDRESS,
  matchingId: 'ONE',
  serverOid: undefined,
  confirmationCode: undefined,
  device: { tac: '35000000', imei: '350000000000001' },
  retries: 0,
  pause: seconds(30),
};

export type World = {
  readonly card: Card;
  readonly smdp: SimSmdp;
  readonly clock: SimClock;
  readonly profiles: LocalProfiles;
};

/** Two orders wait: ONE and TWO, for the two ICCIDs. */
export function createWorld(
  making: Parameters<typeof createSmdp>[1] = { address: ADDRESS },
  card: Card = createEuicc(PKI),
): World {
  const smdp = createSmdp(PKI, making);
  for (const [at, matchingId] of ['ONE', 'TWO'].entries()) {
    const iccid = ICCIDS[at] ?? '';
    smdp.order({ matchingId, metadata: metadataOf(iccid), elements: elementsOf(iccid) });
  }
  const clock = createSimClock(hours(0));
  const profiles = createLocalProfiles({ channel: channelToCard(card), https: postTo(smdp), clock });
  return { card, smdp, clock, profiles };
}

/** ES9+ without TLS, for tests of what is said; the scenario has the real thing. */
export const postTo = (smdp: SimSmdp): HttpsPost => ({
  post(request, done) {
    const said = smdp.handle(new URL(request.url).pathname, request.body);
    done(said.status === 0 ? 'silent' : said);
  },
});

export const CONSENT = { consent: (_: unknown, answer: (refused: undefined) => void) => answer(undefined) };

/** Everything here answers at once, but for pauses: they pass. */
export function download(
  { profiles, clock }: Pick<World, 'profiles' | 'clock'>,
  order: Partial<DownloadOrder> = {},
): DownloadEnd | undefined {
  let end: DownloadEnd | undefined;
  profiles.download({ ...ORDER, ...order }, CONSENT, (ended) => {
    end = ended;
  });
  for (let pauses = 0; end === undefined && pauses < 10; pauses += 1) clock.advance(millis(seconds(31)));
  return end;
}

/** Counts what goes over a channel. */
export function counting(channel: ApduChannel): ApduChannel & { readonly count: () => number } {
  let sent = 0;
  return {
    ...channel,
    send(number, command, done) {
      sent += 1;
      channel.send(number, command, done);
    },
    count: () => sent,
  };
}
