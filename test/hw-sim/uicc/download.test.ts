import { describe, expect, it } from 'vitest';
import { seconds } from '../../../agent/model/units.ts';
import { createLocalProfiles } from '../../../agent/runtime/local-profiles.ts';
import { deleteProfile, enableProfile, getProfiles } from '../../../agent/uicc/es10/profiles.ts';
import type { DownloadEnd } from '../../../agent/uicc/lpa/download-state.ts';
import { channelToCard } from '../../../hw-sim/uicc/card-channel.ts';
import { ask, deliver, FIRST, failure, SECOND } from './conversations.ts';
import {
  ADDRESS,
  CONSENT,
  counting,
  createWorld,
  download,
  elementsOf,
  metadataOf,
  ORDER,
  PKI,
  postTo,
} from './world.ts';

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
