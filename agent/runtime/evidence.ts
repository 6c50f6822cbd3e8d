import { sameBytes } from '../evidence/bytes.ts';
import { checkpointText, cosignedAt, deviceKey, openCheckpoint, originOf, signNote } from '../evidence/checkpoint.ts';
import {
  EMPTY_FRONTIER,
  type Frontier,
  grow,
  leafHash,
  readFrontier,
  rootOf,
  writeFrontier,
} from '../evidence/merkle.ts';
import { readVerifierKey, type VerifierKey, writeVerifierKey } from '../evidence/note.ts';
import {
  type Checkpoints,
  type CheckpointsEffect,
  type CheckpointsEvent,
  startCheckpoints,
  stepCheckpoints,
} from '../machines/checkpoints.ts';
import { Fault } from '../model/fault.ts';
import { type Countersigned, CountersignedSchema, type SignedCheckpoint, topics } from '../model/messages.ts';
import type { SiteConfig } from '../model/site-config.ts';
import { millis } from '../model/units.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { KeptCheckpoint } from '../ports/checkpoint-store.ts';
import type { Ledger } from './ledger.ts';
import { createMachine } from './machine.ts';
import { readPayload } from './read-payload.ts';
import { createTimers } from './timers.ts';
import type { Turns } from './turns.ts';

type Needs = {
  readonly config: SiteConfig;
  readonly ports: Pick<AgentPorts, 'store' | 'checkpoints' | 'signing' | 'clock' | 'journal'>;
  readonly turns: Turns;
  readonly ledger: Pick<Ledger, 'epoch' | 'durable'>;
  readonly publish: (topic: string, payload: unknown) => void;
};

/** Signed checkpoints over the ledger, and the central's countersignature on each (U-3). */
export interface Evidence {
  /** The device's verifier key, as the central and the client keep it. */
  readonly key: string;
  grown(size: number): void;
  /** The central was reached and holds this very history up to `upTo`. */
  reached(upTo: number): void;
  left(): void;
  received(upTo: number): void;
  heard(payload: string): void;
  /** Signs what has no checkpoint yet; `asleep` is called when it is kept. Nothing is signed after it. */
  sleep(asleep: () => void): void;
}

const CHUNK = 500;

/** Goes on from the last checkpoint that was kept, if it still fits the ledger; otherwise from the first record. */
export function openEvidence(needs: Needs, ready: (evidence: Evidence) => void): void {
  const { ports, config, ledger, turns } = needs;
  const key = deviceKey(config.tenant, config.device.id, ports.signing.publicKey, ports.signing.digest);
  ports.checkpoints.last(ledger.epoch(), (last, countersigned) =>
    turns(() => {
      const tree = last && frontierOf(last, key, needs);
      ready(createEvidence(needs, key, tree ?? EMPTY_FRONTIER, tree ? countersigned : 0));
    }),
  );
}

/** The frontier beside a kept checkpoint, when it has the root that this device signed and the ledger is no shorter. */
function frontierOf(last: KeptCheckpoint, key: VerifierKey, { ports, ledger }: Needs): Frontier | undefined {
  const { digest, verify } = ports.signing;
  const tree = readFrontier(last.frontier);
  const open = openCheckpoint(last.note, key, verify);
  const fits = tree && open && tree.size === open.checkpoint.size && tree.size <= ledger.durable().size;
  if (fits && sameBytes(rootOf(tree, digest), open.checkpoint.root)) return tree;
  ports.journal.fault('the last checkpoint does not fit the ledger; the tree is computed anew', { size: last.size });
  return undefined;
}

function createEvidence(needs: Needs, key: VerifierKey, from: Frontier, countersigned: number): Evidence {
  const { config, ports, turns, ledger } = needs;
  const { clock, journal, checkpoints, signing } = ports;
  const device = config.device.id;
  const epoch = ledger.epoch();
  const origin = originOf(config.tenant, device, epoch);
  const on = topics(config.tenant, device);
  const timers = createTimers<'sign' | 'ask'>(clock, turns);
  let tree = from;
  let asleep: (() => void) | undefined;

  const machine = createMachine<Checkpoints, CheckpointsEvent, CheckpointsEffect>({
    name: 'checkpoints',
    start: startCheckpoints(ledger.durable().size, from.size, countersigned),
    step: stepCheckpoints,
    perform,
    clock,
    journal,
  });

  function perform(effect: CheckpointsEffect): void {
    switch (effect.do) {
      case 'sign':
        return extend(needs, tree, effect.upTo, (grown) => {
          tree = grown;
          sign();
        });
      case 'ask':
        return ask(effect.after);
      case 'wait':
        return timers.set(effect.name, effect.for, () => machine.hear({ on: 'waited', name: effect.name }));
    }
  }

  /** Kept before it is sent: a checkpoint that somebody else has seen must never be forgotten here. */
  function sign(): void {
    const { size } = tree;
    const note = signNote(checkpointText({ origin, size, root: rootOf(tree, signing.digest) }), key, signing.sign);
    checkpoints.keep({ epoch, size, frontier: writeFrontier(tree), note }, () =>
      turns(() => {
        machine.hear({ on: 'signed', upTo: size });
        // Records may have come while this one was signed.
        if (asleep !== undefined) machine.hear({ on: 'sleep-ordered' });
        fallAsleep();
      }),
    );
  }

  function ask(after: number): void {
    checkpoints.next(epoch, after, (next) =>
      turns(() => {
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
    checkpoints.keep({ epoch, size, frontier: '', note, centralKey }, () =>
      turns(() => machine.hear({ on: 'countersigned', upTo: size })),
    );
  }

  function fallAsleep(): void {
    const { signing: busy, size, signed } = machine.state();
    if (asleep === undefined || busy || signed < size) return;
    const tell = asleep;
    asleep = undefined;
    tell();
  }

  timers.set('sign', millis(0), () => machine.hear({ on: 'waited', name: 'sign' }));
  return {
    key: writeVerifierKey(key),
    grown: (size) => machine.hear({ on: 'recorded', size }),
    reached: (upTo) => machine.hear({ on: 'reached', upTo }),
    left: () => machine.hear({ on: 'left' }),
    received: (upTo) => machine.hear({ on: 'receipt-came', upTo }),
    heard: (payload) =>
      readPayload(CountersignedSchema, payload, countersignedCame, (field) =>
        journal.fault('a message of the central was refused', { topic: on.countersigned, field }),
      ),
    sleep(then) {
      asleep = then;
      timers.stop();
      machine.hear({ on: 'sleep-ordered' });
      fallAsleep();
    },
  };
}

/** The frontier over the first `upTo` records, from what it is over now. @throws Fault `ledger.damaged` at a gap. */
function extend(needs: Needs, from: Frontier, upTo: number, done: (tree: Frontier) => void): void {
  const { store, signing } = needs.ports;
  if (from.size === upTo) return done(from);
  store.read(from.size + 1, Math.min(CHUNK, upTo - from.size), (records) =>
    needs.turns(() => {
      let tree = from;
      for (const { seq, body } of records) {
        if (seq !== tree.size + 1) throw new Fault('ledger.damaged', { seq, after: tree.size });
        tree = grow(tree, leafHash(body, signing.digest), signing.digest);
      }
      if (tree.size === from.size) throw new Fault('ledger.damaged', { after: from.size, wanted: upTo });
      extend(needs, tree, upTo, done);
    }),
  );
}
