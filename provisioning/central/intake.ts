import { canonical } from '../../agent/model/canonical.ts';
import { type LedgerRecord, RecordSchema } from '../../agent/model/record.ts';
import { type Rated, rateRecord } from './rating.ts';
import { receiptTo } from './replies.ts';
import {
  type Answer,
  type CentralEffect,
  type CentralInput,
  type CentralState,
  type Enrolled,
  emptyStream,
  keep,
  type Refusal,
  type Stream,
  streamKey,
  type World,
  warn,
} from './words.ts';

type RecordsCame = Extract<CentralInput, { on: 'records-came' }>;

/** A record that was taken, or why it was not. */
type Taken =
  | (Rated & { readonly taken: true; readonly hash: string })
  | { readonly taken: false; readonly hash: string; readonly why: Refusal };

/** How far one message has been taken. */
type Progress = {
  readonly state: CentralState;
  readonly stream: Stream;
  readonly effects: readonly CentralEffect[];
  readonly refused: Refusal | undefined;
};

/**
 * U-3, U-7: takes what continues the chain that is held, byte for byte; what is held already is compared and not taken
 * twice; at the first record that does not fit, the rest of the message is left.
 */
export function takeRecords(state: CentralState, input: RecordsCame, world: World): Answer {
  const { device, epoch, from, bodies } = input.records;
  const key = streamKey(device, epoch);
  const before = state.streams[key] ?? emptyStream();
  if (from > before.size + 1) return [state, [refusal(device, from, 'gap'), receiptTo(input.site, epoch, before)]];
  const effects: CentralEffect[] = [];
  let at: Progress = { state, stream: before, effects: [], refused: undefined };
  for (const index of bodies.keys()) {
    at = from + index <= before.size ? compare(at, index, input, world) : extend(at, index, input, world);
    effects.push(...at.effects);
    if (at.refused !== undefined) break;
  }
  const grew = at.stream.size > before.size;
  if (grew || at.refused === undefined || helpedByReceipt(at.refused)) {
    effects.push(receiptTo(input.site, epoch, at.stream));
  }
  return [grew ? { ...at.state, streams: { ...at.state.streams, [key]: at.stream } } : state, effects];
}

/** Same key, same bytes: nothing. Same key, other bytes: both are kept, and neither is billed by itself (D-2). */
function compare(at: Progress, index: number, input: RecordsCame, world: World): Progress {
  const { device, epoch, from, bodies } = input.records;
  const body = bodies[index] ?? '';
  const hash = world.sha256hex(body);
  if (hash === heldHash(input, index)) return { ...at, effects: [] };
  const seq = from + index;
  const aside = setAside(input, seq, { body, hash, why: 'conflict' });
  return { ...at, effects: [...aside, keep({ keep: 'hold', device, epoch, seq })], refused: 'conflict' };
}

function extend(at: Progress, index: number, input: RecordsCame, world: World): Progress {
  const { device, epoch, from, bodies } = input.records;
  const body = bodies[index] ?? '';
  const seq = from + index;
  const taken = takeBody(at.state, at.stream, { body, site: input.site, epoch, seq }, world);
  if (!taken.taken) return { ...at, effects: setAside(input, seq, { body, ...taken }), refused: taken.why };
  const kept = keep({ keep: 'record', device, epoch, seq, hash: taken.hash, body, at: input.now });
  return { state: taken.state, stream: taken.stream, effects: [kept, ...taken.effects], refused: undefined };
}

type Candidate = {
  readonly body: string;
  readonly site: Enrolled;
  readonly epoch: string;
  readonly seq: number;
};

/** Takes the one record that comes next in a stream, live or when the state is rebuilt. */
export function takeBody(state: CentralState, stream: Stream, candidate: Candidate, world: World): Taken {
  const { body, site, epoch, seq } = candidate;
  const hash = world.sha256hex(body);
  const no = (why: Refusal): Taken => ({ taken: false, hash, why });
  const record = readBody(body);
  if (record === undefined) return no('not-canonical');
  if (record.device !== site.device || record.epoch !== epoch || record.seq !== seq) return no('misplaced');
  if (record.prev !== stream.head) return no('chain-broken');
  const configVersion = record.event.kind === 'booted' ? record.event.configVersion : stream.configVersion;
  // Before its first boot record a device has nothing to price; any contract will do, as long as it is always the same.
  const version = configVersion ?? Math.min(...site.contracts.keys());
  const contract = site.contracts.get(version);
  if (contract === undefined) return no('unknown-config');
  const rated = rateRecord(state, stream, record, { contract, configVersion: version, account: site.account });
  if (rated === undefined) return no('unratable');
  return { ...rated, taken: true, hash, stream: { ...rated.stream, size: seq, head: hash, configVersion } };
}

/** The record that these bytes are: exactly the bytes that `canonical` makes of it, or none. */
function readBody(body: string): LedgerRecord | undefined {
  try {
    const value: unknown = JSON.parse(body);
    const read = RecordSchema.safeParse(value);
    return read.success && canonical(value) === body ? read.data : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

function heldHash(input: RecordsCame, index: number): string {
  const hash = input.held[index];
  if (hash === undefined) throw new Error(`the hash of a held record was not handed in: ${input.records.from + index}`);
  return hash;
}

/** Evidence is kept of what looks like a second history of the device; plain nonsense is only reported. */
function setAside(
  { records: { device, epoch }, now }: RecordsCame,
  seq: number,
  { body, hash, why }: { body: string; hash: string; why: Refusal },
): readonly CentralEffect[] {
  const warning = refusal(device, seq, why);
  if (why !== 'conflict' && why !== 'chain-broken' && why !== 'unratable') return [warning];
  return [keep({ keep: 'aside', device, epoch, seq, hash, body, why, at: now }), warning];
}

/** A receipt tells the device what to send next, or that the central disagrees; for the rest, silence slows it down. */
const helpedByReceipt = (why: Refusal): boolean => why === 'gap' || why === 'conflict' || why === 'chain-broken';

const refusal = (device: string, seq: number, why: Refusal): CentralEffect =>
  warn({ of: 'record-refused', device, seq, why });
