import { checkpointText, cosignedAt, openCheckpoint, originOf, signNote } from '../evidence/checkpoint.ts';
import { type Frontier, grow, rootOf, writeFrontier } from '../evidence/merkle.ts';
import { readVerifierKey, type VerifierKey } from '../evidence/note.ts';
import { recordLeaf } from '../evidence/record-leaf.ts';
import {
  type Checkpoints,
  type CheckpointsEffect,
  type CheckpointsEvent,
  startCheckpoints,
  stepCheckpoints,
} from '../machines/checkpoints.ts';
import { Fault } from '../model/fault.ts';
import { type Countersigned, type SignedCheckpoint, topics } from '../model/messages.ts';
import type { SiteConfig } from '../model/site-config.ts';
import { millis, minutes } from '../model/units.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { Ledger } from './ledger.ts';
import { createMachine } from './machine.ts';
import { createTimers } from './timers.ts';
import type { Turns } from './turns.ts';

export type EvidenceNeeds = {
  readonly config: SiteConfig;
  readonly ports: Pick<AgentPorts, 'store' | 'checkpoints' | 'signing' | 'clock' | 'journal'>;
  readonly turns: Turns;
  readonly ledger: Pick<Ledger, 'epoch' | 'durable'>;
  readonly publish: (topic: string, payload: unknown) => void;
};

/** The checkpoints of one epoch: its tree is never gone on with in another. */
export interface EpochEvidence {
  hear(event: CheckpointsEvent): void;
  countersignedCame(message: Countersigned): void;
  countersigned(): number;
  sleep(asleep: () => void): void;
  /** The epoch is over: what is still under way comes to nothing. Answers who still waits for its sleep. */
  end(): (() => void) | undefined;
}

type Start = { readonly key: VerifierKey; readonly from: Frontier; readonly countersigned: number };

const CHUNK = 500;
/** While there is no room for a checkpoint it is tried again so often. */
const ROOM_PATIENCE = minutes(1);

/** Goes on in the epoch that the ledger has open now, from a frontier of that epoch. */
export function createEpochEvidence(needs: EvidenceNeeds, { key, from, countersigned }: Start): EpochEvidence {
  const { config, ports, turns, ledger } = needs;
  const { clock, journal, checkpoints, signing } = ports;
  const device = config.device.id;
  const epoch = ledger.epoch();
  const origin = originOf(config.tenant, device, epoch);
  const on = topics(config.tenant, device);
  const timers = createTimers<'sign' | 'ask' | 'room'>(clock, turns);
  let tree = from;
  let asleep: (() => void) | undefined;
  let over = false;
  let roomless = false;

  const machine = createMachine<Checkpoints, CheckpointsEvent, CheckpointsEffect>({
    name: 'checkpoints',
    start: startCheckpoints(ledger.durable().size, from.size, countersigned),
    step: stepCheckpoints,
    perform,
    clock,
    journal,
  });

  /** What comes back after the epoch has ended is of a store that is no more. */
  const inEpoch = (work: () => void): void => turns(() => !over && work());

  function perform(effect: CheckpointsEffect): void {
    switch (effect.do) {
      case 'sign':
        return extend(effect.upTo, sign);
      case 'ask':
        return ask(effect.after);
      case 'wait':
        return timers.set(effect.name, effect.for, () => machine.hear({ on: 'waited', name: effect.name }));
    }
  }

  /** The tree over the first `upTo` records. @throws Fault `ledger.damaged` at a gap. */
  function extend(upTo: number, done: () => void): void {
    const { size } = tree;
    if (size === upTo) return done();
    ports.store.read(size + 1, Math.min(CHUNK, upTo - size), (records) =>
      inEpoch(() => {
        for (const { seq, body } of records) {
          if (seq !== tree.size + 1) throw new Fault('ledger.damaged', { seq, after: tree.size });
          tree = grow(tree, recordLeaf(body, signing.digest), signing.digest);
        }
        if (tree.size === size) throw new Fault('ledger.damaged', { after: size, wanted: upTo });
        extend(upTo, done);
      }),
    );
  }

  /** Kept before it is sent: a checkpoint that somebody else has seen must never be forgotten here. */
  function sign(): void {
    const { size } = tree;
    const note = signNote(checkpointText({ origin, size, root: rootOf(tree, signing.digest) }), key, signing.sign);
    checkpoints.keep({ epoch, size, frontier: writeFrontier(tree), note }, (kept) =>
      inEpoch(() => {
        roomless = kept === 'no-room';
        if (roomless) return noRoom();
        machine.hear({ on: 'signed', upTo: size });
        // Records may have come while this one was signed.
        if (asleep !== undefined) machine.hear({ on: 'sleep-ordered' });
        fallAsleep();
      }),
    );
  }

  /** The records stand without it, and the next life signs them: a full medium neither ends the agent nor keeps it awake. */
  function noRoom(): void {
    journal.fault('there is no room for a checkpoint; it is tried again', { size: tree.size });
    if (asleep === undefined) timers.set('room', ROOM_PATIENCE, sign);
    else tellAsleep();
  }

  function ask(after: number): void {
    checkpoints.next(epoch, after, (next) =>
      inEpoch(() => {
        if (next === undefined || next.size > machine.state().received) return machine.hear({ on: 'nothing-to-ask' });
        const message: SignedCheckpoint = { device, epoch, size: next.size, note: next.note };
        needs.publish(on.checkpoint, message);
      }),
    );
  }

  function countersignedCame(message: Countersigned): void {
    const { size, note, key: centralKey } = message;
    if (message.epoch !== epoch) return;
    if (note === null) {
      journal.fault('the central holds another history; it does not countersign', { size });
      return machine.hear({ on: 'disowned' });
    }
    const central = readVerifierKey(centralKey, signing.digest);
    const open = openCheckpoint(note, key, signing.verify);
    const mine = open?.checkpoint.origin === origin && open.checkpoint.size === size;
    if (!mine || central === undefined || cosignedAt(open.note, central, signing.verify) === undefined)
      return journal.fault('a countersignature was refused: it is not over a checkpoint of this box', { size });
    // Without room the question is asked again after a while.
    checkpoints.keep({ epoch, size, frontier: '', note, centralKey }, (kept) =>
      inEpoch(() => kept === 'kept' && machine.hear({ on: 'countersigned', upTo: size })),
    );
  }

  function fallAsleep(): void {
    const { signing: busy, size, signed } = machine.state();
    if (!busy && signed >= size) tellAsleep();
  }

  function tellAsleep(): void {
    const tell = asleep;
    asleep = undefined;
    tell?.();
  }

  timers.set('sign', millis(0), () => machine.hear({ on: 'waited', name: 'sign' }));
  return {
    hear: machine.hear,
    countersignedCame,
    countersigned: () => machine.state().countersigned,
    sleep(then) {
      asleep = then;
      timers.stop();
      machine.hear({ on: 'sleep-ordered' });
      fallAsleep();
      if (roomless) tellAsleep();
    },
    end() {
      over = true;
      timers.stop();
      return asleep;
    },
  };
}
