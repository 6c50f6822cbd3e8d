import { setImmediate as settle } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpsPost } from '../../agent/edge/https-post.ts';
import { hours, millis, seconds } from '../../agent/model/units.ts';
import { createLocalProfiles, type LocalProfiles } from '../../agent/runtime/local-profiles.ts';
import { readActivationCode } from '../../agent/uicc/activation-code.ts';
import { GET_EID } from '../../agent/uicc/es10/identity.ts';
import { enableProfile, getProfiles, setNickname } from '../../agent/uicc/es10/profiles.ts';
import { type ApduRoute, createApduChannel } from '../../firmware-ts/devices/apdu-channel.ts';
import { createAtChannel } from '../../firmware-ts/devices/at/channel.ts';
import { createAtModem } from '../../hw-sim/devices/at-modem.ts';
import { createMemoryCable } from '../../hw-sim/devices/memory-wires.ts';
import { createSimClock } from '../../hw-sim/site/sim-clock.ts';
import { type CarrierHabits, carryApdus } from '../../hw-sim/uicc/at-card.ts';
import { createEuicc } from '../../hw-sim/uicc/create-euicc.ts';
import { certificatePem } from '../../hw-sim/uicc/pki-folder.ts';
import { type SmdpServer, startSmdpServer } from '../../hw-sim/uicc/smdp/https-server.ts';
import { createSmdp, type SimSmdp } from '../../hw-sim/uicc/smdp/smdp.ts';
import { createTestPki } from '../../hw-sim/uicc/test-pki.ts';
import { CONSENT, elementsOf, ICCIDS, metadataOf, ORDER, PKI } from '../hw-sim/uicc/world.ts';

const [ICCID] = ICCIDS;
let smdp: SimSmdp;
let server: SmdpServer;

beforeAll(async () => {
  server = await startSmdpServer(() => smdp, PKI);
});
afterAll(() => server.close());

/** A box with a modem on a cable, an eUICC in the modem, and the server across TLS on loopback. */
function createSite(habits: CarrierHabits, routes?: readonly ApduRoute[], roots = [certificatePem(PKI.ci)]) {
  const address = `localhost:${server.port}`;
  smdp = createSmdp(PKI, { address });
  smdp.order({ matchingId: 'ONE', metadata: metadataOf(ICCID), elements: elementsOf(ICCID) });
  const clock = createSimClock(hours(0));
  const card = createEuicc(PKI);
  const cable = createMemoryCable();
  const modem = createAtModem(cable.end, { family: 'EC25' });
  modem.teach(carryApdus(card, habits));
  const at = createAtChannel(cable.open, clock);
  const https = createHttpsPost({ roots, patience: seconds(10) });
  const servers = { 'smdp.example': `https://${address}` };
  const profiles = createLocalProfiles({ channel: createApduChannel(at.ask, routes), https, clock }, { servers });
  /** Simulated time passes on the cable while real time passes on the socket. */
  const heard = async <T>(asks: (profiles: LocalProfiles, done: (value: T) => void) => void): Promise<T> => {
    const values: T[] = [];
    asks(profiles, (value) => values.push(value));
    while (values.length === 0) {
      await settle();
      clock.advance(millis(1));
    }
    return values[0] as T;
  };
  return { card, modem, at, address, heard };
}

describe('S-1: an activation code becomes a line, over both ways into the card and true TLS', () => {
  it.each<readonly [string, CarrierHabits, readonly ApduRoute[] | undefined]>([
    ['logical channels of TS 27.007', {}, ['logical']],
    ['a modem that fetches by itself', { fetches: true }, ['logical']],
    [
      'FM350: a bare session, and +CCHC before OK (lpac#209, #143)',
      { bareSession: true, namesClose: true },
      ['logical'],
    ],
    ['EM9191: sessions that cannot be closed (lpac#187)', { lacks: ['CCHC'] }, ['logical']],
    ['+CSIM alone (lpac#394)', {}, ['basic']],
    ['EC20: no +CCHO, found out by asking', { lacks: ['CCHO', 'CGLA', 'CCHC'] }, undefined],
    ['a modem whose buffer takes half a block', { mostBytes: 130 }, ['basic']],
  ])('%s', async (_, habits, routes) => {
    const { card, heard, address } = createSite(habits, routes);
    const code = readActivationCode(`LPA:1$${address}$ONE`);
    if (!code.ok) throw new Error(code.wrong);
    const { server: host, matchingId, serverOid } = code.value;
    const order = { ...ORDER, server: host, matchingId, serverOid };
    expect(await heard((lpa, done) => lpa.ask(GET_EID, done))).toEqual({ value: PKI.eid });
    expect(await heard((lpa, done) => lpa.download(order, CONSENT, done))).toEqual({ is: 'installed', iccid: ICCID });
    expect(await heard((lpa, done) => lpa.ask(setNickname(ICCID, 'Accueil'), done))).toEqual({ value: { is: 'done' } });
    expect(await heard((lpa, done) => lpa.ask(enableProfile({ iccid: ICCID }, true), done))).toEqual({
      value: { is: 'done' },
    });
    expect(await heard((lpa, done) => lpa.ask(getProfiles(), done))).toMatchObject({
      value: [{ iccid: ICCID, isEnabled: true, nickname: 'Accueil' }],
    });
    // Told of the enabling by its name, which the laboratory's table leads to the same server.
    expect(await heard((lpa, done) => lpa.deliver(done))).toMatchObject({ delivered: [1, 2], waiting: [] });
    expect(smdp.told.map(({ event }) => event)).toEqual(['install', 'enable']);
    expect(card.state().kept.euicc?.notifications).toEqual([]);
  });

  it('sends nothing to a server under a root that is not trusted, and says so', async () => {
    const { heard, address } = createSite({}, undefined, [certificatePem(createTestPki().ci)]);
    const asked: string[] = [];
    smdp.teach((path) => {
      asked.push(path);
      return undefined;
    });
    const end = await heard((lpa, done) => lpa.download({ ...ORDER, server: address }, CONSENT, done));
    expect(end).toMatchObject({
      is: 'failed',
      failure: { by: 'check', says: expect.stringContaining('TLS certificate') },
    });
    expect(asked).toEqual([]);
  });

  it('S-8: shows no byte of an APDU in the trace of the line', async () => {
    const { heard, at, address } = createSite({}, undefined);
    await heard((lpa, done) => lpa.download({ ...ORDER, server: address }, CONSENT, done));
    const carried = at.trace().filter((line) => line.includes('CGLA'));
    expect(carried.length).toBeGreaterThan(50);
    expect(carried.filter((line) => /[0-9A-F]{8}/.test(line))).toEqual([]);
  });

  it('tells a card that is no eUICC from one that is not there', async () => {
    const { modem, heard } = createSite({}, undefined);
    modem.teach((line) => (/^AT\+(CCHO|CSIM)/.test(line) ? ['\r\n+CME ERROR: 10\r\n'] : undefined));
    expect(await heard((lpa, done) => lpa.ask(GET_EID, done))).toMatchObject({ failure: { by: 'card', code: '6881' } });
    modem.teach((line) => (/^AT\+(CCHO|CSIM)/.test(line) ? [] : undefined));
    expect(await heard((lpa, done) => lpa.ask(GET_EID, done))).toMatchObject({
      failure: { by: 'silence', of: 'card' },
    });
  }, 60_000);
});
