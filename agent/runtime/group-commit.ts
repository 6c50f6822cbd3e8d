import { type Room, type RoomEffect, type RoomEvent, startRoom, stepRoom } from '../machines/room.ts';
import { NO_RECORD_HASH } from '../model/record.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { EpochReason, Kept, StoredRecord } from '../ports/record-store.ts';
import { createMachine } from './machine.ts';
import { createTimers } from './timers.ts';
import type { Turns } from './turns.ts';

export type Durable = { readonly size: number; readonly head: string };

type Entry = { readonly row: StoredRecord; readonly hash: string; readonly durable: (() => void) | undefined };
type Opening = { readonly epoch: string; readonly reason: EpochReason };

type Needs = {
  readonly ports: Pick<AgentPorts, 'store' | 'clock' | 'journal'>;
  readonly turns: Turns;
  readonly start: Durable;
  readonly grown: (size: number) => void;
  readonly roomChanged: (room: Room['at']) => void;
};

/** What came while the last group was being written makes the next one; without room it waits in memory. */
export interface GroupCommit {
  /** The group closes with the turn: everything that one piece of news leaves behind is one commit. */
  add(entry: Entry): void;
  /** Everything added before is written into the epoch that ends, everything after into the new one. */
  beginEpoch(opening: Opening): void;
  /** What is on the medium of the epoch that is open now. */
  durable(): Durable;
  hasRoom(): boolean;
  /** Without room only so much is held in memory. */
  accepts(): boolean;
  stop(): void;
}

/** The records of a busy day without paid calls; about ten megabytes. */
const MOST_WAITING = 10_000;
const LARGEST_GROUP = 500;

export function createGroupCommit(needs: Needs): GroupCommit {
  const { ports, turns } = needs;
  const timers = createTimers<'room'>(ports.clock, turns);
  let durable = needs.start;
  let waiting: readonly (Entry | Opening)[] = [];
  let writing = false;

  const room = createMachine<Room, RoomEvent, RoomEffect>({
    name: 'room',
    start: startRoom(),
    step: stepRoom,
    perform: performRoom,
    clock: ports.clock,
    journal: ports.journal,
  });

  function performRoom(effect: RoomEffect): void {
    switch (effect.do) {
      case 'alarm':
        ports.journal.fault(ALARMS[effect.room], { waiting: waiting.length });
        return needs.roomChanged(effect.room);
      case 'write-again':
        return commit(true);
      case 'wait':
        return timers.set('room', effect.for, () => room.hear({ on: 'waited' }));
    }
  }

  function commit(again = false): void {
    if (writing || (room.state().at === 'full' && !again)) return;
    const [first] = waiting;
    if (first === undefined) {
      if (again) write([]);
    } else if ('epoch' in first) begin(first);
    else write(firstGroup(waiting));
  }

  function begin({ epoch, reason }: Opening): void {
    writing = true;
    ports.store.openEpoch(epoch, reason, () =>
      turns(() => {
        writing = false;
        waiting = waiting.slice(1);
        commit();
      }),
    );
  }

  function write(group: readonly Entry[]): void {
    writing = true;
    ports.store.append(
      group.map((entry) => entry.row),
      (kept) => turns(() => written(group, kept)),
    );
  }

  function written(group: readonly Entry[], kept: Kept): void {
    writing = false;
    if (kept !== 'no-room') {
      waiting = waiting.slice(group.length);
      // An epoch begun meanwhile still waits behind this group.
      const last = waiting.some((entry) => 'epoch' in entry) ? undefined : group.at(-1);
      if (last) durable = { size: last.row.seq, head: last.hash };
    }
    room.hear({ on: 'written', kept });
    if (kept === 'no-room') return;
    commit();
    for (const entry of group) entry.durable?.();
    if (group.length > 0) needs.grown(durable.size);
  }

  return {
    add(entry) {
      waiting = [...waiting, entry];
      turns(() => commit());
    },
    beginEpoch(opening) {
      waiting = [...waiting, opening];
      durable = { size: 0, head: NO_RECORD_HASH };
      turns(() => commit());
    },
    durable: () => durable,
    hasRoom: () => room.state().at === 'roomy',
    accepts: () => waiting.length < MOST_WAITING,
    stop: () => timers.stop(),
  };
}

function firstGroup(waiting: readonly (Entry | Opening)[]): readonly Entry[] {
  const group: Entry[] = [];
  for (const entry of waiting.slice(0, LARGEST_GROUP)) {
    if ('epoch' in entry) break;
    group.push(entry);
  }
  return group;
}

const ALARMS: Readonly<Record<Room['at'], string>> = {
  roomy: 'there is room for records again: paid calls go on',
  scarce: 'the medium is nearly full: paid calls are refused, incoming and emergency calls go on',
  full: 'there is no room for records: paid calls are refused, incoming and emergency calls go on unrecorded until there is',
};
