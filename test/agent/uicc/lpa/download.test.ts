import { describe, expect, it } from 'vitest';
import { bytesOf, hexOf } from '../../../../agent/uicc/bytes.ts';
import { nextCommand, startExchange, stepExchange } from '../../../../agent/uicc/exchange.ts';
import { startDownload, stepDownload } from '../../../../agent/uicc/lpa/download.ts';
import type {
  Download,
  DownloadEffect,
  DownloadEvent,
  DownloadOrder,
} from '../../../../agent/uicc/lpa/download-state.ts';
import { channelToCard } from '../../../../hw-sim/uicc/card-channel.ts';
import { ADDRESS, createWorld, elementsOf, ICCIDS, metadataOf, ORDER, type World } from '../../../hw-sim/uicc/world.ts';

const ISD_R = 'A0000005591010FFFFFFFF8900000100';
const order: DownloadOrder = { ...ORDER, matchingId: 'SECRET-ID', confirmationCode: 'SECRET-CODE', retries: 1 };

/** Performs an effect against the simulated card and server. */
function perform({ card, smdp }: World, effect: DownloadEffect): DownloadEvent {
  if (effect.do === 'ask-consent') return { on: 'consented' };
  if (effect.do === 'wait') return { on: 'waited' };
  if (effect.do === 'post') return { on: 'server-answered', ...smdp.handle(effect.path, effect.body) };
  const road = channelToCard(card);
  let channel = 0;
  road.open(ISD_R, (opened) => {
    channel = Number(opened);
  });
  let state = startExchange(effect.requests.map((request) => bytesOf(request) ?? new Uint8Array()));
  for (let command = nextCommand(state); command !== undefined; command = nextCommand(state))
    road.send(channel, command, (reply) => {
      state = stepExchange(state, reply);
    });
  road.close(channel, () => undefined);
  return state.at === 'over' && state.end.is === 'answered'
    ? { on: 'card-answered', answer: state.end.answer }
    : { on: 'card-lost' };
}

function createSecretWorld(): World {
  const world = createWorld({ address: ADDRESS });
  const [iccid] = ICCIDS;
  const { matchingId, confirmationCode } = order;
  world.smdp.order({
    matchingId,
    metadata: metadataOf(iccid),
    elements: elementsOf(iccid),
    confirmationCode: confirmationCode ?? '',
  });
  return world;
}

/** Every state of a download on its way, each through JSON, as a journal would give it back. */
function statesOfDownload(
  world: World,
  change: (event: DownloadEvent, state: Download) => DownloadEvent = (event) => event,
) {
  let [state, [effect]] = startDownload(order);
  const states: Download[] = [state];
  for (let steps = 0; effect !== undefined && steps < 60; steps += 1) {
    const event = change(perform(world, effect), state);
    [state, [effect]] = stepDownload(JSON.parse(JSON.stringify(state)) as Download, event, order);
    states.push(state);
  }
  return states;
}

describe('S-1: the download as a machine', () => {
  it('goes the way of SGP.22 3.1.3, survives JSON at every step, and keeps no code in its state (S-8)', () => {
    const states = statesOfDownload(createSecretWorld());
    expect(states.map(({ at }) => at)).toEqual([
      'informing',
      'challenging',
      'initiating',
      'authenticating',
      'authenticating-client',
      'seeking-twin',
      'consenting',
      'preparing',
      'fetching',
      'loading',
      'over',
    ]);
    const text = JSON.stringify(states);
    for (const secret of ['SECRET-ID', 'SECRET-CODE'])
      for (const form of [secret, hexOf(Buffer.from(secret)), Buffer.from(secret).toString('base64')])
        expect(text).not.toContain(form);
  });

  it('ignores what it did not ask for, at every step', () => {
    const stray: DownloadEvent[] = [{ on: 'waited' }, { on: 'consented' }];
    for (const state of statesOfDownload(createSecretWorld())) {
      for (const event of stray) {
        const isExpected = state.at === 'consenting' && event.on === 'consented';
        if (!isExpected) expect(stepDownload(state, event, order)).toEqual([state, []]);
      }
      const waitsForCard = [
        'informing',
        'challenging',
        'authenticating',
        'seeking-twin',
        'preparing',
        'loading',
      ].includes(state.at);
      const other: DownloadEvent = waitsForCard ? { on: 'server-silent' } : { on: 'card-lost' };
      expect(stepDownload(state, other, order)).toEqual([state, []]);
    }
  });

  it('comes to an end when anything falls silent, once or for good, and never loses its way', () => {
    const names = statesOfDownload(createSecretWorld())
      .map(({ at }) => at)
      .filter((at) => at !== 'over' && at !== 'consenting');
    for (const name of names) {
      for (const times of [1, 99]) {
        let left = times;
        const states = statesOfDownload(createSecretWorld(), (event, state) => {
          if (state.at !== name || left === 0) return event;
          left -= 1;
          return event.on === 'server-answered' ? { on: 'server-silent' } : { on: 'card-lost' };
        });
        const last = states.at(-1);
        expect(last, `${name} ${times}`).toMatchObject({
          at: 'over',
          end: { is: times === 1 || name === 'loading' ? 'installed' : 'failed' },
        });
      }
    }
  });

  it('is taken back at once while it waits for nobody', () => {
    const pausing: Download = { at: 'pausing', left: 0 };
    const taken = { on: 'canceled', reason: 'postponed' } as const;
    expect(stepDownload(pausing, taken, order)).toEqual([
      { at: 'over', end: { is: 'canceled', reason: 'postponed' } },
      [],
    ]);
    const [informing] = startDownload(order);
    const [stopped, effects] = stepDownload(informing, taken, order);
    expect([stopped.at, effects]).toEqual(['informing', []]);
    expect(stepDownload(stopped, { on: 'card-lost' }, order)[0]).toEqual({
      at: 'over',
      end: { is: 'canceled', reason: 'postponed' },
    });
  });

  it.each([
    ['names another transaction', 'initiating', 'transactionId', 'AB', /another transaction/],
    ['offers under another transaction', 'authenticating-client', 'transactionId', 'AB', /another transaction/],
    ['binds under another transaction', 'fetching', 'transactionId', 'AB', /another transaction/],
  ])('refuses a server that %s', (_, at, field, value, says) => {
    const states = statesOfDownload(createSecretWorld(), (event, state) => {
      if (state.at !== at || event.on !== 'server-answered') return event;
      return { ...event, body: JSON.stringify({ ...(JSON.parse(event.body) as object), [field]: value }) };
    });
    expect(states.at(-1)).toMatchObject({
      end: { is: 'failed', failure: { by: 'check', says: expect.stringMatching(says) } },
    });
  });

  it('refuses a server of another address, or without the OID that the code names', () => {
    const world = createSecretWorld();
    const answers: DownloadEvent[] = [];
    const initiating = statesOfDownload(world, (event, state) => {
      if (state.at === 'initiating') answers.push(event);
      return event;
    }).find(({ at }) => at === 'initiating');
    const [answer] = answers;
    if (initiating === undefined || answer === undefined) throw new Error('the server was not asked');
    const end = (change: Partial<DownloadOrder>) => stepDownload(initiating, answer, { ...order, ...change })[0];
    expect(end({ server: 'other.example' })).toMatchObject({
      end: { failure: { says: expect.stringContaining('another address') } },
    });
    expect(end({ serverOid: '1.2.3' })).toMatchObject({ end: { failure: { says: expect.stringContaining('OID') } } });
    expect(end({ serverOid: '1.3.6.1.4.1.54321.1' }).at).toBe('authenticating');
  });
});
