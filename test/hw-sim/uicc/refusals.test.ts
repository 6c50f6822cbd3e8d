import { describe, expect, it } from 'vitest';
import { deleteProfile, getProfiles } from '../../../agent/uicc/es10/profiles.ts';
import { issue } from '../../../hw-sim/uicc/certificates.ts';
import { createEuicc } from '../../../hw-sim/uicc/create-euicc.ts';
import { profileElements } from '../../../hw-sim/uicc/profile-elements.ts';
import { createTestPki } from '../../../hw-sim/uicc/test-pki.ts';
import { ask, deliver, FIRST, failure, flipped, on, SECOND, worldWithServer } from './conversations.ts';
import { createWorld, download, elementsOf, metadataOf, PKI } from './world.ts';

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
