import { sameBytes } from '../evidence/bytes.ts';
import { deviceKey, openCheckpoint } from '../evidence/checkpoint.ts';
import { EMPTY_FRONTIER, type Frontier, readFrontier, rootOf } from '../evidence/merkle.ts';
import { type VerifierKey, writeVerifierKey } from '../evidence/note.ts';
import { CountersignedSchema, topics } from '../model/messages.ts';
import type { KeptCheckpoint } from '../ports/checkpoint-store.ts';
import { createEpochEvidence, type EvidenceNeeds } from './epoch-evidence.ts';
import { readPayload } from './read-payload.ts';

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
  /** Records of the open epoch under a countersigned checkpoint: no more may lose their bodies (U-4). */
  countersigned(): number;
  /** The ledger has set its store aside: another tree begins with the first record of the new epoch. */
  epochBegan(): void;
  /** Signs what has no checkpoint yet; `asleep` is called when it is kept. Nothing is signed after it. */
  sleep(asleep: () => void): void;
}

/** Goes on from the last checkpoint that was kept, if it still fits the ledger; otherwise from the first record. */
export function openEvidence(needs: EvidenceNeeds, ready: (evidence: Evidence) => void): void {
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
function frontierOf(last: KeptCheckpoint, key: VerifierKey, { ports, ledger }: EvidenceNeeds): Frontier | undefined {
  const { digest, verify } = ports.signing;
  const tree = readFrontier(last.frontier);
  const open = openCheckpoint(last.note, key, verify);
  const fits = tree && open && tree.size === open.checkpoint.size && tree.size <= ledger.durable().size;
  if (fits && sameBytes(rootOf(tree, digest), open.checkpoint.root)) return tree;
  ports.journal.fault('the last checkpoint does not fit the ledger; the tree is computed anew', { size: last.size });
  return undefined;
}

function createEvidence(needs: EvidenceNeeds, key: VerifierKey, from: Frontier, countersigned: number): Evidence {
  const { config, ports } = needs;
  const on = topics(config.tenant, config.device.id);
  let inEpoch = createEpochEvidence(needs, { key, from, countersigned });
  return {
    key: writeVerifierKey(key),
    grown: (size) => inEpoch.hear({ on: 'recorded', size }),
    reached: (upTo) => inEpoch.hear({ on: 'reached', upTo }),
    left: () => inEpoch.hear({ on: 'left' }),
    received: (upTo) => inEpoch.hear({ on: 'receipt-came', upTo }),
    heard: (payload) =>
      readPayload(CountersignedSchema, payload, inEpoch.countersignedCame, (field) =>
        ports.journal.fault('a message of the central was refused', { topic: on.countersigned, field }),
      ),
    countersigned: () => inEpoch.countersigned(),
    epochBegan() {
      const waiting = inEpoch.end();
      inEpoch = createEpochEvidence(needs, { key, from: EMPTY_FRONTIER, countersigned: 0 });
      if (waiting) inEpoch.sleep(waiting);
    },
    sleep: (then) => inEpoch.sleep(then),
  };
}
