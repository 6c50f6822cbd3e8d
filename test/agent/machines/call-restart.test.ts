import { describe, expect, it } from 'vitest';
import { noteOpenCall, type OpenCall, recoverCall } from '../../../agent/machines/call/recover.ts';
import { stepCall } from '../../../agent/machines/call/step.ts';
import type { Call, CallEvent } from '../../../agent/machines/call/words.ts';
import { type LedgerEvent, NO_RECORD_HASH } from '../../../agent/model/record.ts';
import { BYE, INVITE, OK } from '../sip/sample.ts';
import { clock, play, rules, sip, talking } from './call-play.ts';

const changedText = (bytes: Uint8Array, ...edits: readonly (readonly [string, string])[]): Uint8Array => {
  const text = edits.reduce((said, [from, to]) => said.replaceAll(from, to), new TextDecoder().decode(bytes));
  return new TextEncoder().encode(text);
};

/** The call as the next life of the agent takes it up, from nothing but the records. */
function restarted(events: readonly CallEvent[], at: number): { call: Call; records: readonly LedgerEvent[] } {
  const { records } = play(...talking, ...events);
  const open = records
    .map((event, index) => ({
      ...{ v: 1, device: 'd', epoch: '0'.repeat(16), seq: index + 1, prev: NO_RECORD_HASH, salt: '0'.repeat(32) },
      ...{ clock: clock(index), event },
    }))
    .reduce<ReadonlyMap<string, OpenCall>>((calls, record) => noteOpenCall(calls, { ...record, v: 1 }), new Map());
  const [found] = [...open.values()];
  if (found === undefined) throw new Error('the call is not open');
  return { call: recoverCall(found, clock(at), rules)[0], records };
}

const MOVED: readonly CallEvent[] = [
  sip(
    'phone',
    changedText(
      INVITE,
      ['To: <sip:0612345678@203.0.113.10>', 'To: <sip:0612345678@203.0.113.10>;tag=b1'],
      ['7 INVITE', '8 INVITE'],
      ['16384', '17000'],
    ),
    10_000,
  ),
  sip('network', changedText(OK, ['7 INVITE', '8 INVITE']), 10_100),
];
const SECOND_ANSWER = sip('network', changedText(OK, ['tag=b1', 'tag=b2']), 3_000);
const byeOf = (tag: string, at: number): CallEvent => sip('phone', changedText(BYE, ['tag=b1', `tag=${tag}`]), at);

const seen = (call: Call, ...events: readonly CallEvent[]): readonly LedgerEvent[] => {
  let state: Call | undefined = call;
  return events.flatMap((event) => {
    const answer = stepCall(state, event, rules);
    state = answer?.[0];
    return (answer?.[1] ?? []).flatMap((effect) => (effect.do === 'record' ? [effect.event] : []));
  });
};

describe('U-1, V-1: an agent that takes a call up again knows of it what its messages said', () => {
  it('looks for the RTP where a re-INVITE moved it (RFC 3264 8)', () => {
    const { call, records } = restarted(MOVED, 20_000);
    expect(records.filter(({ kind }) => kind === 'call-changed')).toHaveLength(1);
    const effects = stepCall(call, { on: 'waited', name: 'media', now: clock(30_000) }, rules)?.[1] ?? [];
    expect(effects).toContainEqual(
      expect.objectContaining({ do: 'check-media', media: expect.objectContaining({ port: 17_000 }) }),
    );
  });

  it('writes nothing for a re-INVITE that moves nothing, and nothing for an offer that is not accepted', () => {
    const [offer, accepted] = MOVED;
    if (offer === undefined || accepted === undefined) throw new Error('two messages');
    const refused = sip('network', changedText(OK, ['7 INVITE', '8 INVITE'], ['200 OK', '488 No']), 10_100);
    for (const events of [[offer, refused], [sip('network', OK, 5_000)]])
      expect(restarted(events, 20_000).records.filter(({ kind }) => kind === 'call-changed')).toEqual([]);
  });

  it('lasts until the last of its dialogs is left (RFC 3261 13.2.2.4)', () => {
    const { call } = restarted([SECOND_ANSWER], 20_000);
    expect(seen(call, byeOf('b1', 30_000)).filter(({ kind }) => kind === 'call-ended')).toEqual([]);
    const ended = seen(call, byeOf('b1', 30_000), byeOf('b2', 50_000));
    expect(ended.at(-1)).toMatchObject({ kind: 'call-ended', seconds: 50 });
  });

  it('C-4: is cut in each of its dialogs', () => {
    const { call } = restarted([SECOND_ANSWER], 20_000);
    const effects = stepCall(call, { on: 'waited', name: 'cut', now: clock(30_000) }, rules)?.[1] ?? [];
    const parties = effects.flatMap((effect) => (effect.do === 'send-bye' ? [effect.dialog.networkParty] : []));
    expect(new Set(parties.map((party) => party.slice(-2)))).toEqual(new Set(['b1', 'b2']));
  });

  it('goes on with the fork that is left when the first dialog was left before', () => {
    const { call } = restarted([SECOND_ANSWER, byeOf('b1', 12_000)], 20_000);
    expect(seen(call, byeOf('b2', 30_000)).at(-1)).toMatchObject({ kind: 'call-ended' });
  });
});
