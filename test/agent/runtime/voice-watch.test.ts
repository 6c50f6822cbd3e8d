import { describe, expect, it } from 'vitest';
import { canonical } from '../../../agent/model/canonical.ts';
import type { LedgerEvent, LedgerRecord } from '../../../agent/model/record.ts';
import type { StoredRecord } from '../../../agent/ports/record-store.ts';
import { createVoiceWatch } from '../../../agent/runtime/voice-watch.ts';

const LINE = '+33172890001';
const recordOf = (seq: number, event: LedgerEvent): StoredRecord => {
  const record: LedgerRecord = {
    ...{ v: 1, device: 'relais-0001', epoch: '0123456789abcdef', seq, prev: '0'.repeat(64), salt: '0'.repeat(32) },
    clock: { wall: 1_790_000_000_000 + seq, mono: seq, boot: 'boot', quality: 'synced' },
    event,
  };
  return { seq, body: canonical(record) };
};

const ended = (call: string): LedgerEvent => ({
  ...{ kind: 'call-ended', call, direction: 'outgoing', caller: LINE, called: '+33199000001', class: 'on-net' },
  ...{ links: ['main'], startedAt: 1, answeredAt: 2, endedAt: 3, seconds: 60, cause: 'caller-hung-up' },
  ...{ sipStatus: 200, codec: 'PCMA', complete: true },
});

/** A store that answers when it is told to. */
function storeOf(records: readonly StoredRecord[]) {
  const asked: { readonly from: number; readonly answer: () => void }[] = [];
  return {
    asked,
    read: (from: number, limit: number, done: (rows: readonly StoredRecord[]) => void) =>
      void asked.push({ from, answer: () => done(records.filter(({ seq }) => seq >= from).slice(0, limit)) }),
  };
}

const watch = () =>
  createVoiceWatch(
    { lines: [{ number: LINE, label: 'Front desk' }] as never },
    { wall: () => 1_790_000_000_000 as never },
  );

describe('M-3: the calls that support looks back on', () => {
  it('are those of earlier lives as well, from the ledger, with numbers below those of this life; what was erased is not', () => {
    const records = [recordOf(1, ended('one')), { seq: 2, body: '{"erased":true}' }, recordOf(3, ended('two'))];
    const store = storeOf(records);
    const voice = watch();
    voice.recall(store, 3);
    const appended: LedgerEvent[] = [];
    const ledger = voice.over({
      openCalls: () => new Map(),
      append: (event: LedgerEvent) => void appended.push(event),
    } as never);
    // This life goes on while the medium is read.
    ledger.append(ended('three'));
    store.asked[0]?.answer();
    const { log, lines } = voice.book();
    expect(log.map(({ number, ended: { call } }) => [number, call])).toEqual([
      [49, 'one'],
      [50, 'two'],
      [51, 'three'],
    ]);
    expect(lines[LINE]?.outgoing.begun).toBe(1);
    expect(appended).toHaveLength(1);
  });

  it('are fifty at most, of the last five hundred records; an empty ledger is not asked', () => {
    const records = Array.from({ length: 700 }, (_, at) => recordOf(at + 1, ended(`call ${at + 1}`)));
    const store = storeOf(records);
    const voice = watch();
    voice.recall(store, 700);
    store.asked[0]?.answer();
    expect(store.asked[0]?.from).toBe(201);
    expect(voice.book().log.map(({ number }) => number)).toEqual(Array.from({ length: 50 }, (_, at) => at + 1));
    expect(voice.book().log.at(-1)?.ended.call).toBe('call 700');
    const fresh = storeOf([]);
    watch().recall(fresh, 0);
    expect(fresh.asked).toEqual([]);
  });
});
