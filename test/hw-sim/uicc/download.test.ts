import { describe, expect, it } from 'vitest';
import { seconds } from '../../../agent/model/units.ts';
import { createLocalProfiles } from '../../../agent/runtime/local-profiles.ts';
import type { Es10Call } from '../../../agent/uicc/es10/call.ts';
import { deleteProfile, enableProfile, getProfiles } from '../../../agent/uicc/es10/profiles.ts';
import type { Heard } from '../../../agent/uicc/lpa/asked.ts';
import type { DeliveryEnd } from '../../../agent/uicc/lpa/delivery.ts';
import type { DownloadEnd } from '../../../agent/uicc/lpa/download-state.ts';
import { channelToCard } from '../../../hw-sim/uicc/card-channel.ts';
import { issue } from '../../../hw-sim/uicc/certificates.ts';
import { createEuicc } from '../../../hw-sim/uicc/create-euicc.ts';
import { profileElements } from '../../../hw-sim/uicc/profile-elements.ts';
import { createSmdp, type SmdpLesson } from '../../../hw-sim/uicc/smdp/smdp.ts';
import { createTestPki, type TestPki } from '../../../hw-sim/uicc/test-pki.ts';
import {
  ADDRESS,
  CONSENT,
  counting,
  createWorld,
  download,
  elementsOf,
  ICCIDS,
  metadataOf,
  ORDER,
  PKI,
  postTo,
  type World,
} from './world.ts';

const [FIRST, SECOND] = ICCIDS;

function ask<T>({ profiles }: Pick<World, 'profiles'>, call: Es10Call<T>): T | undefined {
  let heard: Heard<T> | undefined;
  profiles.ask(call, (said) => {
    heard = said;
  });
  return heard !== undefined && 'value' in heard ? heard.value : undefined;
}

function deliver({ profiles }: Pick<World, 'profiles'>): DeliveryEnd | undefined {
  let end: DeliveryEnd | undefined;
  profiles.deliver((ended) => {
    end = ended;
  });
  return end;
}

/** The server lies with keys of its own; the eUICC trusts the usual root. */
function worldWithServer(change: Partial<TestPki>): World {
  const usual = createWorld();
  const smdp = createSmdp({ ...PKI, ...change }, { address: ADDRESS });
  smdp.order({ matchingId: 'ONE', metadata: metadataOf(FIRST), elements: elementsOf(FIRST) });
  const profiles = createLocalProfiles({ channel: channelToCard(usual.card), https: postTo(smdp), clock: usual.clock });
  return { ...usual, smdp, profiles };
}

const failure = (end: DownloadEnd | undefined) => (end?.is === 'failed' ? end.failure : end);
const on =
  (name: string, change: (body: Record<string, string>) => Record<string, string>): SmdpLesson =>
  (path, truth) => {
    if (!path.endsWith(name)) return undefined;
    const said = truth();
    return { ...said, body: JSON.stringify(change(JSON.parse(said.body) as Record<string, string>)) };
  };
/** One bit of base64 bytes, counted from the end. */
const flipped = (text: string | undefined, fromEnd: number): string => {
  const bytes = Buffer.from(text ?? '', 'base64');
  const at = bytes.length - fromEnd;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes.toString('base64');
};

describe('S-1: a profile comes from a server onto an eUICC', () => {
  it('takes at most 80 APDUs for 36 files of 12 kB, channel included', () => {
    const world = createWorld();
    const channel = counting(channelToCard(world.card));
    const profiles = createLocalProfiles({ ...world, channel, https: postTo(world.smdp) });
    expect(download({ ...world, profiles })).toEqual({ is: 'installed', iccid: FIRST });
    const [profile] = world.card.state().kept.euicc?.profiles ?? [];
    expect(Object.keys(profile?.image.files ?? {})).toHaveLength(36);
    expect(profile?.bytes).toBeGreaterThan(12_250);
    // Two commands open the channel and one closes it.
    expect(channel.count() + 3).toBe(78);
  });

  it('installs byte for byte what the operator wrote, by either way of protecting it and any size of segment', () => {
    const elements = elementsOf(FIRST);
    for (const replacesKeys of [true, false]) {
      for (const segmentBytes of [120, 1_020, 1_024]) {
        const world = createWorld({ address: ADDRESS, replacesKeys, segmentBytes });
        expect(download(world)).toMatchObject({ is: 'installed' });
        const image = world.card.state().kept.euicc?.profiles[0]?.image;
        for (const { content } of Object.values(image?.files ?? {}))
          expect(elements.toString('hex').toUpperCase()).toContain(content);
      }
    }
  });

  it('lists it as it was announced, disabled, and enables it', () => {
    const world = createWorld();
    download(world);
    const [profile] = ask(world, getProfiles()) ?? [];
    expect(profile).toMatchObject({
      iccid: FIRST,
      provider: 'Relais',
      name: 'Line 017',
      isEnabled: false,
      kind: 'operational',
    });
    expect(ask(world, enableProfile({ iccid: FIRST }, true))).toEqual({ is: 'done' });
    expect(ask(world, getProfiles())).toMatchObject([{ isEnabled: true }]);
  });

  it('asks before it takes, and lets the order wait when the answer is no', () => {
    const world = createWorld();
    const ends: DownloadEnd[] = [];
    const no = { consent: (_: unknown, answer: (reason: 'postponed') => void) => answer('postponed') };
    world.profiles.download(ORDER, no, (end) => ends.push(end));
    expect(ends).toEqual([{ is: 'canceled', reason: 'postponed' }]);
    expect(world.smdp.canceled).toMatchObject([{ reason: 1 }]);
    expect(world.smdp.orderOf('ONE')?.at).toBe('released');
    expect(download(world)).toMatchObject({ is: 'installed' });
  });

  it('downloads the same order again after a cut, with the key that the package was made for', () => {
    const world = createWorld();
    const forget = world.smdp.teach((path, truth) =>
      path.endsWith('getBoundProfilePackage') && truth() ? 'silence' : undefined,
    );
    expect(failure(download(world))).toMatchObject({ by: 'silence', of: 'server' });
    const bound = world.smdp.orderOf('ONE')?.boundTo;
    expect(world.smdp.orderOf('ONE')).toMatchObject({ at: 'downloaded', eid: PKI.eid });
    expect(world.card.state().kept.euicc?.oneTimeKey?.open).toBe(bound);
    forget();
    expect(download(world)).toMatchObject({ is: 'installed' });
    expect(world.smdp.orderOf('ONE')?.boundTo).toBe(bound);
  });

  it('begins anew by itself after silence, as often as ordered and no more', () => {
    const world = createWorld();
    let asked = 0;
    world.smdp.teach((path) => {
      if (!path.endsWith('initiateAuthentication')) return undefined;
      asked += 1;
      return asked < 3 ? 'silence' : undefined;
    });
    expect(download(world, { retries: 1, pause: seconds(30) })).toMatchObject({ is: 'failed' });
    expect(download(world, { retries: 1, pause: seconds(30) })).toMatchObject({ is: 'installed' });
    expect(asked).toBe(3);
  });

  it('asks for the confirmation code, and takes the right one only', () => {
    const world = createWorld();
    world.smdp.order({
      matchingId: 'CODE',
      metadata: metadataOf(FIRST),
      elements: elementsOf(FIRST),
      confirmationCode: '4711',
    });
    const order = { matchingId: 'CODE' };
    expect(failure(download(world, order))).toMatchObject({ by: 'order' });
    expect(failure(download(world, { ...order, confirmationCode: '4712' }))).toMatchObject({
      subject: '8.2.7',
      reason: '3.8',
    });
    expect(download(world, { ...order, confirmationCode: '4711' })).toMatchObject({ is: 'installed' });
  });
});

describe('S-1: what is refused, by whom, and why', () => {
  const otherCi = createTestPki();
  const wrongRole = issue({ role: 'dp-tls', name: 'x', serial: 9, serverOid: '1.3.6.1.4.1.54321.1' }, PKI.ci);
  const otherOid = issue({ role: 'dp-pb', name: 'x', serial: 9, serverOid: '1.3.6.1.4.1.54321.2' }, PKI.ci);

  it.each([
    ['a server under another root', { dpAuth: otherCi.dpAuth }, { function: 'AuthenticateServer', code: 1 }],
    [
      'a server with a certificate for something else',
      { dpAuth: wrongRole },
      { function: 'AuthenticateServer', code: 1 },
    ],
    [
      'a server without the key of its certificate',
      { dpAuth: { ...PKI.dpAuth, key: otherCi.dpAuth.key } },
      { function: 'AuthenticateServer', code: 2 },
    ],
    ['a package key of another server', { dpPb: otherOid }, { function: 'PrepareDownload', code: 1 }],
    [
      'a package key that is not its own',
      { dpPb: { ...PKI.dpPb, key: otherCi.dpPb.key } },
      { function: 'PrepareDownload', code: 2 },
    ],
  ])('%s', (_, change, refused) => {
    const world = worldWithServer(change);
    expect(failure(download(world))).toMatchObject({ by: 'card', ...refused });
    expect(ask(world, getProfiles())).toEqual([]);
  });

  it('an eUICC that the server does not know, or whose signature is not its own', () => {
    const copied = { ...PKI, euicc: { ...PKI.euicc, key: otherCi.euicc.key } };
    expect(failure(download(createWorld(undefined, createEuicc(copied))))).toMatchObject({
      subject: '8.1',
      reason: '6.1',
    });
    const homemade = { ...PKI, eum: otherCi.eum, euicc: otherCi.euicc };
    expect(failure(download(createWorld(undefined, createEuicc(homemade))))).toMatchObject({
      subject: '8.1.2',
      reason: '6.1',
    });
    const strange = { ...PKI, ci: otherCi.ci };
    expect(failure(download(createWorld(undefined, createEuicc(strange))))).toMatchObject({
      subject: '8.8.2',
      reason: '3.1',
    });
  });

  it.each([
    ['in the last segment of the profile', 1, 'LoadBoundProfilePackage, LoadProfileElements', 8],
    ['in the middle of the profile', 6_000, 'LoadBoundProfilePackage, LoadProfileElements', 8],
  ])('a package changed %s', (_, fromEnd, name, code) => {
    const world = createWorld();
    world.smdp.teach(
      on('getBoundProfilePackage', (body) => ({
        ...body,
        boundProfilePackage: flipped(body.boundProfilePackage, fromEnd),
      })),
    );
    expect(failure(download(world))).toMatchObject({ by: 'card', function: name, code });
    expect(ask(world, getProfiles())).toEqual([]);
    // The server is told, in the eUICC's own words.
    expect(deliver(world)).toMatchObject({ delivered: [1], waiting: [] });
    expect(world.smdp.told).toMatchObject([{ event: 'install-failed' }]);
  });

  it('a package whose signature was changed', () => {
    const world = createWorld();
    const changed = (text: string | undefined) => {
      const bytes = Buffer.from(text ?? '', 'base64');
      const at = bytes.indexOf(Buffer.from('5F3740', 'hex'));
      bytes[at + 10] = (bytes[at + 10] ?? 0) ^ 1;
      return bytes.toString('base64');
    };
    world.smdp.teach(
      on('getBoundProfilePackage', (body) => ({ ...body, boundProfilePackage: changed(body.boundProfilePackage) })),
    );
    expect(failure(download(world))).toMatchObject({
      function: 'LoadBoundProfilePackage, InitialiseSecureChannel',
      code: 2,
    });
  });

  it('another profile than the one that was offered', () => {
    const world = createWorld();
    const other = metadataOf(SECOND).toString('base64');
    world.smdp.teach(on('authenticateClient', (body) => ({ ...body, profileMetadata: other })));
    expect(failure(download(world))).toMatchObject({ by: 'check', says: expect.stringContaining('another profile') });
    expect(world.smdp.canceled).toMatchObject([{ reason: 4 }]);
    world.smdp.order({ matchingId: 'MIX', metadata: metadataOf(FIRST), elements: elementsOf(SECOND) });
    expect(failure(download(createWorld(undefined, world.card), { matchingId: 'MIX' }))).toMatchObject({
      by: 'server',
    });
  });

  it('elements of another profile than its metadata, or of none that is known', () => {
    const world = createWorld();
    world.smdp.order({ matchingId: 'MIX', metadata: metadataOf(FIRST), elements: elementsOf(SECOND) });
    expect(failure(download(world, { matchingId: 'MIX' }))).toMatchObject({ code: 13 });
    const elements = profileElements({
      iccid: FIRST,
      imsi: '1',
      pin: '1234',
      puk: '12345678',
      moreFiles: 1,
      moreBytes: 9,
      hasUnknownElement: true,
    });
    world.smdp.order({ matchingId: 'NEW', metadata: metadataOf(FIRST), elements });
    expect(failure(download(world, { matchingId: 'NEW' }))).toMatchObject({ code: 12 });
  });

  it('more than the eUICC holds', () => {
    const world = createWorld(undefined, createEuicc(PKI, { memoryBytes: 20_000 }));
    expect(download(world)).toMatchObject({ is: 'installed' });
    expect(failure(download(world, { matchingId: 'TWO' }))).toMatchObject({
      code: 10,
      says: expect.stringContaining('delete a profile'),
    });
  });

  it('a matching id that is wrong, or was used, and an order for another eUICC', () => {
    const world = createWorld();
    expect(failure(download(world, { matchingId: 'WRONG' }))).toMatchObject({
      by: 'server',
      subject: '8.2.6',
      reason: '3.8',
    });
    download(world);
    deliver(world);
    expect(world.smdp.orderOf('ONE')?.at).toBe('installed');
    expect(failure(download(world))).toMatchObject({ subject: '8.2.6', reason: '3.8' });
    world.smdp.order({
      matchingId: 'THEIRS',
      metadata: metadataOf(FIRST),
      elements: elementsOf(FIRST),
      eid: '1'.repeat(32),
    });
    expect(failure(download(world, { matchingId: 'THEIRS' }))).toMatchObject({ subject: '8.1.1', reason: '3.8' });
  });

  it('a profile that is there already, before its package is spent', () => {
    const world = createWorld();
    download(world);
    expect(failure(download(world))).toMatchObject({ by: 'check', says: expect.stringContaining('already') });
    expect(world.card.state().kept.euicc?.profiles).toHaveLength(1);
  });

  it('rules that the eUICC gives to this operator, and not to that one', () => {
    const world = createWorld();
    const order = (matchingId: string, rules: 'no-disabling' | 'no-deletion') =>
      world.smdp.order({ matchingId, metadata: metadataOf(FIRST, { rules }), elements: elementsOf(FIRST) });
    order('STAY', 'no-disabling');
    order('KEEP', 'no-deletion');
    expect(download(world, { matchingId: 'STAY' })).toEqual({ is: 'canceled', reason: 'rules-not-allowed' });
    expect(world.smdp.canceled).toMatchObject([{ reason: 3 }]);
    expect(download(world, { matchingId: 'KEEP' })).toMatchObject({ is: 'installed' });
    expect(ask(world, deleteProfile({ iccid: FIRST }))).toMatchObject({ is: 'refused', code: 3 });
  });
});

describe('S-1: servers are told what happened, in order', () => {
  function changedThrice() {
    const world = createWorld();
    download(world);
    download(world, { matchingId: 'TWO' });
    for (const iccid of [FIRST, SECOND]) ask(world, enableProfile({ iccid }, true));
    ask(world, deleteProfile({ iccid: FIRST }));
    return world;
  }

  it('keeps on the card what no server took, and delivers it later in order', () => {
    const world = changedThrice();
    const heal = world.smdp.teach((path) => (path.endsWith('handleNotification') ? 'silence' : undefined));
    expect(deliver(world)?.delivered).toEqual([]);
    expect(deliver(world)?.waiting.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6]);
    heal();
    expect(deliver(world)).toEqual({ delivered: [1, 2, 3, 4, 5, 6], waiting: [], failure: undefined });
    expect(world.smdp.told.map(({ event }) => event)).toEqual([
      'install',
      'install',
      'enable',
      'disable',
      'enable',
      'delete',
    ]);
    expect(deliver(world)).toMatchObject({ delivered: [], waiting: [] });
  });

  it.each([200, 302, 400, 500])('takes nothing but 204 for a yes: not %i', (status) => {
    const world = changedThrice();
    world.smdp.teach((path) => (path.endsWith('handleNotification') ? { status, body: '' } : undefined));
    expect(deliver(world)?.delivered).toEqual([]);
    expect(world.card.state().kept.euicc?.notifications).toHaveLength(6);
  });

  it('stops at the first that fails, so that the server never hears a later one before it', () => {
    const world = changedThrice();
    let taken = 0;
    world.smdp.teach((path) => {
      if (!path.endsWith('handleNotification')) return undefined;
      taken += 1;
      return taken > 2 ? 'silence' : undefined;
    });
    expect(deliver(world)).toMatchObject({ delivered: [1, 2] });
    expect(taken).toBe(3);
  });
});

describe('S-1: an order is taken back', () => {
  const early = [
    'initiating',
    'authenticating',
    'authenticating-client',
    'seeking-twin',
    'preparing',
    'fetching',
  ] as const;

  it.each([...early, 'loading'] as const)('while it is %s: in time until the package goes to the card', (moment) => {
    const world = createWorld();
    const later: (() => void)[] = [];
    const https = postTo(world.smdp);
    const slow = { post: (...all: Parameters<typeof https.post>) => void later.push(() => https.post(...all)) };
    const profiles = createLocalProfiles({ ...world, channel: channelToCard(world.card), https: slow });
    let end: DownloadEnd | undefined;
    let cancel: ReturnType<typeof profiles.download> = () => undefined;
    const watch = { ...CONSENT, moved: (at: string) => at === moment && cancel('refused') };
    cancel = profiles.download(ORDER, watch, (ended) => {
      end = ended;
    });
    // The first answer of the server is still on its way.
    if (moment === 'initiating') cancel('refused');
    for (let next = later.shift(); next !== undefined; next = later.shift()) next();
    if (moment === 'loading') return expect(end).toEqual({ is: 'installed', iccid: FIRST });
    expect(end).toEqual({ is: 'canceled', reason: 'refused' });
    expect(world.smdp.canceled).toHaveLength(early.indexOf(moment) > 1 ? 1 : 0);
    expect(download(world)).toMatchObject({ is: 'installed' });
  });

  it('before its turn came', () => {
    const world = createWorld();
    const asked: (() => void)[] = [];
    const road = channelToCard(world.card);
    const slow = { ...road, open: (...all: Parameters<typeof road.open>) => void asked.push(() => road.open(...all)) };
    const profiles = createLocalProfiles({ ...world, channel: slow, https: postTo(world.smdp) });
    const ends: (DownloadEnd | 'listed')[] = [];
    profiles.ask(getProfiles(), () => ends.push('listed'));
    profiles.download(ORDER, CONSENT, (end) => ends.push(end))('postponed');
    for (let next = asked.shift(); next !== undefined; next = asked.shift()) next();
    expect(ends).toEqual(['listed', { is: 'canceled', reason: 'postponed' }]);
    expect(world.card.state().kept.euicc?.profiles).toEqual([]);
  });
});
