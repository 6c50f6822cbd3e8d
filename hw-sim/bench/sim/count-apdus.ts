import { setImmediate as settle } from 'node:timers/promises';
import { hours, millis } from '../../../agent/model/units.ts';
import { createLocalProfiles } from '../../../agent/runtime/local-profiles.ts';
import type { DownloadEnd } from '../../../agent/uicc/lpa/download-state.ts';
import { type ApduRoute, createApduChannel } from '../../../firmware-ts/devices/apdu-channel.ts';
import { createAtChannel } from '../../../firmware-ts/devices/at/channel.ts';
import { createAtModem } from '../../devices/at-modem.ts';
import { createMemoryCable } from '../../devices/memory-wires.ts';
import { createSimClock } from '../../site/sim-clock.ts';
import { carryApdus } from '../../uicc/at-card.ts';
import { createEuicc } from '../../uicc/create-euicc.ts';
import { profileElements, TS48_SIZE } from '../../uicc/profile-elements.ts';
import { profileMetadata } from '../../uicc/smdp/profile-metadata.ts';
import { createSmdp } from '../../uicc/smdp/smdp.ts';
import type { TestPki } from '../../uicc/test-pki.ts';
import { ADDRESS, NEW, ORDER_OF_NEW, postTo } from '../sim-cuts/prepared-euicc.ts';

export type DownloadCost = {
  readonly route: ApduRoute;
  /** Those that the card saw, opening and closing of the channel included. */
  readonly apdus: number;
  readonly files: number;
  readonly bytes: number;
};

/**
 * A download of a profile of the size of GSMA TS.48 by one of the two ways into the card, through the whole modem.
 * @throws Error where it is not installed.
 */
export async function countApdus(route: ApduRoute, pki: TestPki): Promise<DownloadCost> {
  const smdp = createSmdp(pki, { address: ADDRESS });
  const metadata = profileMetadata({ iccid: NEW.iccid, provider: 'Relais', name: 'NEW', tells: [ADDRESS] });
  const elements = profileElements({ ...NEW, pin: '1234', puk: '12345678', ...TS48_SIZE });
  smdp.order({ matchingId: ORDER_OF_NEW.matchingId, metadata, elements });
  const clock = createSimClock(hours(0));
  const card = createEuicc(pki);
  let apdus = 0;
  const counted = {
    ...card,
    transmit(command: string) {
      apdus += 1;
      return card.transmit(command);
    },
  };
  const cable = createMemoryCable();
  createAtModem(cable.end, { family: 'EC25' }).teach(carryApdus(counted));
  const channel = createApduChannel(createAtChannel(cable.open, clock).ask, [route]);
  const profiles = createLocalProfiles({ channel, https: postTo(smdp), clock });
  const ends: DownloadEnd[] = [];
  const watch = { consent: (_: unknown, answer: (refused: undefined) => void) => answer(undefined) };
  profiles.download(ORDER_OF_NEW, watch, (end) => ends.push(end));
  for (let turn = 0; ends.length === 0 && turn < MOST_TURNS; turn += 1) {
    await settle();
    clock.advance(millis(1));
  }
  const [end] = ends;
  if (end?.is !== 'installed') throw new Error(`not installed: ${JSON.stringify(end)}`);
  const [profile] = card.state().kept.euicc?.profiles ?? [];
  return { route, apdus, files: Object.keys(profile?.image.files ?? {}).length, bytes: profile?.bytes ?? 0 };
}

const MOST_TURNS = 100_000;
