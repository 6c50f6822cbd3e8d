import { openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteStore } from '../../../agent/edge/sqlite-store.ts';
import { SETTINGS, type Setting } from '../../../agent/edge/store/settings.ts';
import { eraseBody, erasedHash } from '../../../agent/model/erased.ts';
import { isFault } from '../../../agent/model/fault.ts';
import { RecordSchema } from '../../../agent/model/record.ts';
import type { RecordStore, StoredRecord } from '../../../agent/ports/record-store.ts';
import { PROMISES } from '../../../hw-sim/power-cut/cut-everywhere.ts';
import { type Box, callEnded, callOf, openBox, sha256 } from './box.ts';

/** Steps are `single:60`, `group:5x10`, `erase:20`, `reopen`, `disagree`; `sabotage` is one word or none. */
const [root = '', steps = '', sabotage] = process.argv.slice(2);
const outside = openSync(join(root, PROMISES), 'a');
const say = (what: 'kept' | 'sent', { seq, body }: StoredRecord): void => {
  const { epoch } = RecordSchema.parse(JSON.parse(body));
  writeSync(outside, `${what} ${epoch}/${seq} ${sha256(body)}\n`);
};

/** A log so small that it turns over often; the shipped one where a run asks for it. */
const logPages = sabotage === 'long-log' ? 100 : 16;

/** The settings of the box with one of them broken. */
function settingsFor(word: string | undefined): readonly Setting[] {
  const other: Readonly<Record<string, Setting>> = {
    'sync-normal': ['synchronous', 'NORMAL', 1],
    'sync-off': ['synchronous', 'OFF', 0],
    'journal-memory': ['journal_mode', 'MEMORY', 'memory'],
    'journal-off': ['journal_mode', 'OFF', 'off'],
  };
  const broken = other[word ?? ''];
  return SETTINGS.map((setting) => (setting[0] === broken?.[0] ? broken : setting));
}

/** What was given to the store, by the call that it tells of. */
const given = new Map<string, StoredRecord>();

/** The real store, or used as a careless programmer would. */
function sabotaged(store: RecordStore): RecordStore {
  return {
    ...store,
    append(records, done) {
      for (const record of records) {
        const { event } = RecordSchema.parse(JSON.parse(record.body));
        if (event.kind === 'call-ended') given.set(event.call, record);
        if (sabotage === 'send-early') say('sent', record);
      }
      if (sabotage !== 'early') return store.append(records, done);
      store.append(records, () => undefined);
      done('kept');
    },
  };
}

type Opened = { readonly store: RecordStore; readonly box: Box };

async function open(): Promise<Opened> {
  const fatal = (): never => process.exit(75);
  const store = await openSqliteStore(join(root, 'usage.db'), fatal, {
    settings: settingsFor(sabotage),
    reserveBytes: 0,
    logPages,
  });
  let sent = { epoch: '', upTo: 0 };
  let box: Box | undefined;
  /** As the road to the central does: what is durable is read again and sent. */
  const grown = (size: number): void => {
    const epoch = box?.ledger.epoch() ?? '';
    if (sent.epoch !== epoch) sent = { epoch, upTo: 0 };
    const from = sent.upTo + 1;
    sent = { epoch, upTo: size };
    store.read(from, size - from + 1, (rows) => {
      for (const row of rows) if (erasedHash(row.body) === undefined) say('sent', row);
    });
  };
  box = await openBox(sabotaged(store), grown);
  return { store, box };
}

let number = 0;
async function append({ box }: Opened, count: number): Promise<void> {
  const made = Array.from({ length: count }, () => {
    number += 1;
    const call = callOf(number);
    return new Promise<void>((done) =>
      box.ledger.append(callEnded(number), () => {
        const record = given.get(call);
        if (record) say('kept', record);
        done();
      }),
    );
  });
  await Promise.all(made);
}

async function perform(step: string, opened: Opened): Promise<Opened> {
  const [what, amount = ''] = step.split(':');
  const [times = 0, each = 1] = amount.split('x').map(Number);
  const { store, box } = opened;
  switch (what) {
    case 'single':
      for (let i = 0; i < times; i += 1) await append(opened, 1);
      return opened;
    case 'group':
      for (let i = 0; i < times; i += 1) await append(opened, each);
      return opened;
    case 'erase': {
      const rows = await new Promise<readonly StoredRecord[]>((done) => store.read(2, times, done));
      const erased = rows.map(({ seq, body }) => ({ seq, body: eraseBody(body, sha256) }));
      await new Promise((done) => store.erase(erased, done));
      store.release(times, 1_795_000_000_000 + number);
      return opened;
    }
    case 'reopen':
      box.ledger.stop();
      await new Promise<void>((done) => store.close(done));
      return open();
    case 'disagree':
      box.ledger.beginAgain('central-disagrees');
      return opened;
    default:
      throw new Error(`no such step: ${step}`);
  }
}

let opened = await open().catch((error: unknown) => {
  // As the command of the agent does with a fault at its opening.
  if (isFault(error)) process.exit(75);
  throw error;
});
for (const step of steps.split(',')) opened = await perform(step, opened);
// As after a kill: no last checkpoint, no order to close.
process.exit(0);
