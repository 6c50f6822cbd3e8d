import { hours, seconds } from '../../../agent/model/units.ts';
import type { HttpsPost } from '../../../agent/ports/https-post.ts';
import { createLocalProfiles, type LocalProfiles } from '../../../agent/runtime/local-profiles.ts';
import { enableProfile } from '../../../agent/uicc/es10/profiles.ts';
import type { DownloadOrder } from '../../../agent/uicc/lpa/download-state.ts';
import { createSimClock } from '../../site/sim-clock.ts';
import { channelToCard } from '../../uicc/card-channel.ts';
import { type CardState, cut } from '../../uicc/card-state.ts';
import { createEuicc } from '../../uicc/create-euicc.ts';
import { profileElements } from '../../uicc/profile-elements.ts';
import { profileMetadata } from '../../uicc/smdp/profile-metadata.ts';
import { createSmdp, type SimSmdp } from '../../uicc/smdp/smdp.ts';
import { createTestPki, type TestPki } from '../../uicc/test-pki.ts';
import type { TlsRoad } from './profile-road.ts';

export const ADDRESS = 'smdp.example';
/** Of Orange and of SFR. */
export const OLD = { iccid: '8933010000000000017', imsi: '208010000000001' } as const;
/** Of Orange, in the first holder where the eUICC is in the second. */
export const FIRST = { iccid: '8933010000000000033', imsi: '208010000000003' } as const;
export const NEW = { iccid: '8933100000000000025', imsi: '208100000000002' } as const;

export const ORDER_OF_NEW: DownloadOrder = {
  server: ADDRESS,
  matchingId: 'NEW',
  serverOid: undefined,
  confirmationCode: undefined,
  device: { tac: '35000000', imei: '350000000000001' },
  retries: 1,
  pause: seconds(5),
};

export type PreparedEuicc = {
  readonly pki: TestPki;
  readonly one: CardState;
  readonly both: CardState;
  /** Needed by stories over TLS. */
  readonly tls?: TlsRoad;
};

/** An eUICC with OLD at work, and one that holds NEW as well. Keys are drawn and packages bound once. */
export function prepareEuicc(pki: TestPki = createTestPki()): PreparedEuicc {
  const smdp = smdpWithOrders(pki);
  const card = createEuicc(pki);
  const clock = createSimClock(hours(0));
  const profiles = createLocalProfiles({ channel: channelToCard(card), https: postTo(smdp), clock });
  install(profiles, 'OLD');
  profiles.ask(enableProfile({ iccid: OLD.iccid }, true), () => undefined);
  profiles.deliver(() => undefined);
  const one = cut(card.state());
  install(profiles, 'NEW');
  profiles.deliver(() => undefined);
  return { pki, one, both: cut(card.state()) };
}

function install(profiles: LocalProfiles, matchingId: string): void {
  let end: unknown;
  const watch = { consent: (_: unknown, answer: (refused: undefined) => void) => answer(undefined) };
  profiles.download({ ...ORDER_OF_NEW, matchingId }, watch, (ended) => {
    end = ended;
  });
  if (JSON.stringify(end)?.includes('installed') !== true) throw new Error(`not prepared: ${JSON.stringify(end)}`);
}

export function smdpWithOrders(pki: TestPki): SimSmdp {
  const smdp = createSmdp(pki, { address: ADDRESS });
  for (const [matchingId, line] of Object.entries({ OLD, NEW })) {
    const metadata = profileMetadata({ iccid: line.iccid, provider: 'Relais', name: matchingId, tells: [ADDRESS] });
    const elements = profileElements({ ...line, pin: '1234', puk: '12345678', moreFiles: 4, moreBytes: 100 });
    smdp.order({ matchingId, metadata, elements });
  }
  return smdp;
}

/** ES9+ without its TLS. */
export const postTo = (smdp: SimSmdp): HttpsPost => ({
  post(request, done) {
    const said = smdp.handle(new URL(request.url).pathname, request.body);
    done(said.status === 0 ? 'silent' : said);
  },
});
