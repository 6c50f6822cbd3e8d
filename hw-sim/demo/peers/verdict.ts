import { type LedgerEvent, RecordSchema } from '../../../agent/model/record.ts';
import type { Check } from '../verdict.ts';
import { type Ends, ONE_SIDED, type Role } from './role.ts';
import { compareBytes, type Seen } from './same-bytes.ts';
import { type Taped, textOf } from './wire-tap.ts';

type Ended = Extract<LedgerEvent, { kind: 'call-ended' }>;

/** what passed is on both sides byte for byte and in order; what did not is what the rules name, of each role. */
export function checkBytes(roles: readonly Role[], lan: Taped, wan: Taped): readonly Check[] {
  const { lanOnly, wanOnly, same, disordered } = compareBytes(lan.datagrams, wan.datagrams);
  const oneSided = [...lanOnly.map(outlineOn('lan')), ...wanOnly.map(outlineOn('wan'))];
  const strangers = oneSided.filter(({ name }) => !roles.some((role) => role.name === name));
  return [
    {
      name: 'Q-3: every datagram that passed is the same on both sides, byte for byte, in each direction and in order',
      holds: same.up > 100 && same.down > 100 && disordered.length === 0 && strangers.length === 0,
      found: `${same.up} up, ${same.down} down, ${disordered.length} calls out of order, ${strangers.map(({ line }) => line).join(' | ')}`,
    },
    ...roles.map((role) => {
      const lines = oneSided.filter(({ name }) => name === role.name).map(({ line }) => line);
      const wanted: readonly RegExp[] = ONE_SIDED[role.fate];
      const astray = lines.filter((line) => !wanted.some((pattern) => pattern.test(line)));
      const missing = wanted.filter((pattern) => !lines.some((line) => pattern.test(line)));
      return {
        name: `${role.name}: on one side only is ${wanted.length === 0 ? 'nothing' : 'what the rule names'}`,
        holds: astray.length === 0 && missing.length === 0,
        found: `${lines.length} one-sided; astray: ${astray.join(' | ')}; missing: ${missing.join(' ')}`,
      };
    }),
    checkStreams(lan, wan),
  ];
}

function checkStreams(lan: Taped, wan: Taped): Check {
  const both = lan.streams.map((stream, at) => [stream, wan.streams[at]] as const);
  const bytes = lan.streams.reduce((sum, { up, down }) => sum + (up.length + down.length) / 2, 0);
  return {
    name: 'Q-3: what TCP carried is the same on both sides, octet for octet',
    holds:
      bytes > 1_000 &&
      lan.streams.length === wan.streams.length &&
      both.every(([here, there]) => here.up === there?.up && here.down === there?.down),
    found: `${lan.streams.length} and ${wan.streams.length} connections, ${bytes} bytes`,
  };
}

/** The role that a datagram belongs to, by its Call-ID, and what it is. */
function outlineOn(side: 'lan' | 'wan'): (seen: Seen) => { readonly name: string; readonly line: string } {
  return ({ upward, payload, callId }) => {
    const [start] = textOf(payload).split('\r\n', 1);
    return { name: callId.split('.')[0] ?? '', line: `${side} ${upward ? 'up' : 'down'} ${start}` };
  };
}

/** U-1: each call left the records that its role names, and no other. */
export function checkRecords(roles: readonly Role[], records: readonly unknown[], lan: Taped): readonly Check[] {
  const events = records.map((record) => RecordSchema.parse(record).event);
  const callIds = new Map(
    events.flatMap((event) => (event.kind === 'call-admitted' ? [[event.call, event.dialog.sipCallId]] : [])),
  );
  const ended = events.filter((event): event is Ended => event.kind === 'call-ended');
  const ofName = (name: string): readonly Ended[] =>
    ended.filter(({ call }) => callIds.get(call)?.startsWith(`${name}.`));
  const refused = ended.filter(({ call }) => !callIds.has(call));
  return [
    ...roles
      .filter(({ ends = [] }) => ends.some(isAdmitted))
      .map((role) => {
        const wanted = role.ends ?? [];
        const found = ofName(role.name);
        return {
          name: `U-1, U-2: ${role.name}: ${wanted.length} record(s)`,
          holds: found.length === wanted.length && wanted.every((ends) => found.some((one) => fits(one, ends))),
          found: found.map((one) => `${one.direction} ${one.class} ${one.cause} ${one.seconds} s`).join(', '),
        };
      }),
    checkRefused(
      roles.flatMap(({ ends = [] }) => ends.filter((one) => !isAdmitted(one))),
      refused,
    ),
    checkSeconds(ended, (call) => callIds.get(call) ?? '', lan),
    {
      name: 'V-1: no emergency call was refused, and none was cut',
      holds: ended.filter((one) => one.class === 'emergency').every(({ cause }) => cause === 'caller-hung-up'),
      found: `${ended.filter((one) => one.class === 'emergency').length} emergency calls`,
    },
    {
      name: 'U-1: no call is left open, and none was lost from sight',
      holds: [...callIds.keys()].every((call) => ended.some((one) => one.call === call && one.complete)),
      found: `${callIds.size} calls`,
    },
  ];
}

/** A call of three seconds to the millisecond has begun its fourth for one clock and not for the other (s). */
const TWO_CLOCKS = 0.02;

/** U-2: the capture of the phones' side knows by itself when a call was answered and when it was left. */
function checkSeconds(ended: readonly Ended[], callIdOf: (call: string) => string, lan: Taped): Check {
  const timed = ended.flatMap((one) => {
    const seen = lan.datagrams.filter(({ callId }) => callId === callIdOf(one.call));
    const first = (pattern: RegExp): number | undefined =>
      seen.find(({ payload }) => pattern.test(textOf(payload)))?.at;
    const answer = first(/^SIP\/2\.0 200 [\s\S]*^CSeq: \d+ INVITE/m);
    const release = first(/^BYE /);
    if (one.answeredAt === null || answer === undefined || release === undefined) return [];
    return [{ call: callIdOf(one.call), seconds: one.seconds, seen: release - answer }];
  });
  const off = timed.filter(({ seconds, seen }) => Math.abs(seconds - seen) > 1 + TWO_CLOCKS);
  return {
    name: 'U-2: every call is metered within a second of what the capture shows from answer to release',
    holds: timed.length > 20 && off.length === 0,
    found: `${timed.length} calls; off: ${off.map(({ call, seconds, seen }) => `${call} ${seconds} ${seen}`).join(', ')}`,
  };
}

const isAdmitted = ({ cause }: Ends): boolean => !cause.startsWith('refused-');

/** A refused call has no Call-ID in its record: they are held against the roles all together. */
function checkRefused(wanted: readonly Ends[], found: readonly Ended[]): Check {
  const text = (all: readonly { readonly cause: string; readonly class: string }[]): string =>
    all
      .map((one) => `${one.cause} ${one.class}`)
      .toSorted()
      .join(', ');
  return {
    name: 'U-1: each refused call is one record with its cause',
    holds: wanted.length > 0 && text(wanted) === text(found),
    found: text(found),
  };
}

const fits = (one: Ended, wanted: Ends): boolean =>
  one.cause === wanted.cause &&
  one.class === wanted.class &&
  one.direction === (wanted.direction ?? 'outgoing') &&
  one.seconds >= wanted.seconds[0] &&
  one.seconds <= wanted.seconds[1];
