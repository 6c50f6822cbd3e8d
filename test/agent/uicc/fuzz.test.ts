import { describe, expect, it } from 'vitest';
import { readActivationCode } from '../../../agent/uicc/activation-code.ts';
import { readApdu, readReply } from '../../../agent/uicc/apdu.ts';
import { type Bytes, bytesOfBase64, hexOf, type Read, textOf } from '../../../agent/uicc/bytes.ts';
import { readClientAuthenticated, readInitiated, readPackage } from '../../../agent/uicc/es9/answers.ts';
import {
  GET_ADDRESSES,
  GET_CHALLENGE,
  GET_EID,
  GET_INFO_1,
  GET_INFO_2,
  GET_RAT,
} from '../../../agent/uicc/es10/identity.ts';
import {
  LIST_NOTIFICATIONS,
  removeNotification,
  retrieveNotification,
} from '../../../agent/uicc/es10/notifications.ts';
import { readInstallationResult, segmentsOf } from '../../../agent/uicc/es10/package.ts';
import { enableProfile, getProfiles } from '../../../agent/uicc/es10/profiles.ts';
import {
  cancelSession,
  prepareDownload,
  readServerSigned1,
  readSmdpSigned2,
  serverOidOf,
} from '../../../agent/uicc/es10/session.ts';
import { nextCommand, startExchange, stepExchange } from '../../../agent/uicc/exchange.ts';
import { readTlvs } from '../../../agent/uicc/tlv.ts';
import { seededFractions } from '../../../hw-sim/kernel/seeded-random.ts';
import { createEuicc } from '../../../hw-sim/uicc/create-euicc.ts';
import { oneTimeKey } from '../../../hw-sim/uicc/keys.ts';
import { bindPackage } from '../../../hw-sim/uicc/smdp/bind-package.ts';
import { createWorld, download, elementsOf, ICCIDS, metadataOf, PKI } from '../../hw-sim/uicc/world.ts';

const NONE = new Uint8Array();
const PROOF = { signed: NONE, signature: NONE, certificate: NONE };
const READERS: readonly ((bytes: Bytes) => unknown)[] = [
  readTlvs,
  segmentsOf,
  readInstallationResult,
  readServerSigned1,
  readSmdpSigned2,
  ...[GET_ADDRESSES, GET_CHALLENGE, GET_EID, GET_INFO_1, GET_INFO_2, GET_RAT, LIST_NOTIFICATIONS].map(
    ({ read }) => read,
  ),
  retrieveNotification(1).read,
  removeNotification(1).read,
  enableProfile({ aid: 'A000000559' }, true).read,
  getProfiles().read,
  cancelSession(NONE, 'other').read,
  prepareDownload(PROOF, NONE).read,
  (bytes) => readReply(hexOf(bytes)),
  (bytes) => readApdu(hexOf(bytes)),
  (bytes) => readActivationCode(textOf(bytes)),
  (bytes) => ({ ok: true, value: serverOidOf(bytes) }),
  (bytes) => ({ ok: true, value: bytesOfBase64(textOf(bytes)) }),
];
const ES9 = [readInitiated, readClientAuthenticated, readPackage];

/** True answers, to be damaged: of an eUICC with a profile, and of a server. */
function trueAnswers(): readonly Buffer[] {
  const world = createWorld();
  expect(download(world)).toMatchObject({ is: 'installed' });
  const answers: Buffer[] = [];
  for (const { send } of [
    GET_ADDRESSES,
    GET_EID,
    GET_INFO_2,
    GET_RAT,
    LIST_NOTIFICATIONS,
    retrieveNotification(1),
    getProfiles(),
  ])
    world.profiles.ask(
      {
        name: 'any',
        send,
        read(answer): Read<true> {
          answers.push(Buffer.from(answer));
          return { ok: true, value: true };
        },
      },
      () => undefined,
    );
  const [iccid] = ICCIDS;
  const bound = bindPackage({
    transactionId: Buffer.alloc(16, 1),
    euiccKey: Buffer.from(oneTimeKey().open, 'hex'),
    eid: PKI.eid,
    signer: PKI.dpPb,
    metadata: metadataOf(iccid),
    elements: elementsOf(iccid, { moreFiles: 1, moreBytes: 10 }),
    segmentBytes: 200,
    replacesKeys: true,
  });
  return [...answers, bound ?? Buffer.alloc(0), PKI.dpAuth.certificate];
}

describe('S-1: a million inputs that no card or server should say', () => {
  it('never throws, never hangs, and gives a reason for what it does not read', () => {
    const next = seededFractions(7);
    const whole = (below: number) => Math.floor(next() * below);
    const truths = trueAnswers();
    let unreasoned = 0;
    let read = 0;
    for (let round = 0; round < 1_000_000; round += 1) {
      const truth = truths[whole(truths.length)] ?? Buffer.alloc(0);
      const bytes = round % 3 === 0 ? Buffer.from(truth.subarray(0, whole(truth.length + 1))) : Buffer.alloc(whole(24));
      const changes = round % 3 === 0 ? whole(4) : bytes.length;
      for (let change = 0; change < changes; change += 1) bytes[whole(bytes.length || 1)] = whole(256);
      const found = READERS[round % READERS.length]?.(bytes) as Read<unknown>;
      if (found.ok) read += 1;
      else if (found.wrong === '') unreasoned += 1;
    }
    expect(unreasoned).toBe(0);
    // Damage is not so great that nothing is read at all.
    expect(read).toBeGreaterThan(50_000);
  }, 120_000);

  it('reads no JSON that is none of ES9+', () => {
    const next = seededFractions(9);
    const whole = (below: number) => Math.floor(next() * below);
    const header = { functionExecutionStatus: { status: 'Executed-Success' } };
    const truth = JSON.stringify({ header, transactionId: 'AB', smdpSigned2: 'MAA=', boundProfilePackage: 'vzYA' });
    for (let round = 0; round < 30_000; round += 1) {
      const at = whole(truth.length);
      const body = `${truth.slice(0, at)}${String.fromCharCode(whole(128))}${truth.slice(at + whole(3))}`;
      for (const reader of ES9) {
        const found = reader({ status: 200, body });
        expect(found.ok || found.wrong !== '').toBe(true);
      }
    }
    for (const body of ['', 'null', '[]', '{}', '{"header":null}', '{"header":{"functionExecutionStatus":[]}}'])
      expect(readPackage({ status: 200, body })).toMatchObject({ ok: false });
  });

  it('ends every exchange with a card that says anything at all', () => {
    const next = seededFractions(11);
    const whole = (below: number) => Math.floor(next() * below);
    for (let round = 0; round < 3_000; round += 1) {
      let state = startExchange([Buffer.alloc(whole(600)), Buffer.alloc(whole(300))]);
      let steps = 0;
      for (; state.at !== 'over' && steps < 10_000; steps += 1) {
        expect(nextCommand(state)).toMatch(/^([0-9A-F]{2}){4,}$/);
        const words = ['9000', '6110', '6100', '6C08', '6A88', '91FF', '', 'XY'];
        state = stepExchange(state, `${'AB'.repeat(whole(3) === 0 ? whole(256) : 0)}${words[whole(words.length)]}`);
      }
      expect(steps).toBeLessThan(10_000);
    }
  });

  it('ends a simulated card at no command', () => {
    const next = seededFractions(13);
    const whole = (below: number) => Math.floor(next() * below);
    const card = createEuicc(PKI);
    for (let round = 0; round < 20_000; round += 1) {
      const ins = [0x70, 0xa4, 0xe2, 0xc0, 0xb0, 0xb2, 0x20, 0x2c, whole(256)][whole(9)] ?? 0;
      const data = Buffer.alloc(whole(40)).map(() => whole(256));
      const apdu = Buffer.from([
        whole(4) + (whole(2) === 0 ? 0 : 0x80),
        ins,
        whole(256),
        whole(4),
        data.length,
        ...data,
      ]);
      expect(card.transmit(apdu.toString('hex'))).toMatch(/^([0-9A-F]{2}){2,}$/);
    }
  });
});
