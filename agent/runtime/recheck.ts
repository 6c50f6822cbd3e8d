import { canonical } from '../model/canonical.ts';
import { Fault } from '../model/fault.ts';
import { millis } from '../model/units.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { Contract } from '../rating/credit/contract.ts';
import { createTimers } from './timers.ts';
import type { Turns } from './turns.ts';
import { type End, emptyEnd, walkChain } from './walk-chain.ts';

type Needs = {
  readonly ports: Pick<AgentPorts, 'store' | 'startPoint' | 'sha256' | 'clock' | 'journal'>;
  readonly turns: Turns;
  readonly contract: Contract;
};

/** A few milliseconds of work at a time, so that no datagram waits: 600,000 records in twenty minutes. */
const CHUNK = 100;
const BREATH = millis(200);

/**
 * Walks, while the agent works, the records that its start believed a start point about (U-3). Where they are not whole or
 * come to something else, the start point is thrown away and the process ends: the next start walks everything, and sets
 * the store aside if it is damaged.
 * @throws Fault `ledger.damaged`, from a timer.
 */
export function recheck({ ports, turns, contract }: Needs, point: End, epoch: () => string): { stop(): void } {
  const { store, sha256, startPoint, clock } = ports;
  const timers = createTimers<'breath'>(clock, turns);
  const going = (): boolean => epoch() === point.epoch;
  const wrong = (fields: Readonly<Record<string, unknown>>): never => {
    startPoint.forget();
    throw new Fault('ledger.damaged', { epoch: point.epoch, ...fields });
  };
  const breathe = (goOn: () => void): void => timers.set('breath', BREATH, () => going() && goOn());
  const walk = { from: emptyEnd(point.epoch), upTo: point.size, chunk: CHUNK, breathe };
  const check = (): void =>
    walkChain({ store, sha256, contract }, walk, (end, damagedAt) => {
      if (!going()) return;
      if (damagedAt !== undefined) wrong({ after: end.size, seq: damagedAt });
      if (!sameEnd(end, point)) wrong({ after: point.size, startPoint: 'says something else than the records' });
    });
  if (point.size > 0) breathe(check);
  return { stop: timers.stop };
}

/** Charges, volumes and limits are left out: of erased records they are not counted any more (U-4), and no credit hangs on them. */
function sameEnd(a: End, b: End): boolean {
  const text = ({
    account: { charges: _, ...account },
    limits: _limits,
    openCalls,
    lostLinks,
    dataCounts: _dataCounts,
    silence: _silence,
    ...end
  }: End): string => canonical({ ...end, account, openCalls: [...openCalls], lostLinks: [...lostLinks] });
  return text(a) === text(b);
}
