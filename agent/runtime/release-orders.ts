import type { AgentPorts } from '../ports/agent-ports.ts';
import type { UspEffect } from '../usp/agent/state.ts';
import type { Ledger } from './ledger.ts';

type Ports = Pick<AgentPorts, 'updates'>;
type Order = Omit<Extract<UspEffect, { do: 'fetch-release' }>, 'do' | 'request'>;

/** D-3, M-6: fetches a release for a controller; `done` says why not. What became of it is in the record. */
export function fetchRelease(
  { url, by, activate, checkSum }: Order,
  ports: Ports,
  ledger: Pick<Ledger, 'append'>,
  done: (failed: string | undefined) => void,
): void {
  const { updates } = ports;
  if (updates === undefined) return done('this box was installed without slots for releases');
  const taken = (refused: string | undefined): void => {
    if (refused !== undefined) return done(refused);
    ledger.append({
      kind: 'box-event',
      what: 'release-fetched',
      by,
      why: url.replace(/\/\/[^/@]*@/, '//').slice(0, 200),
    });
    done(activate ? wishRelease(by, ports, ledger) : undefined);
  };
  updates.take(url, taken, checkSum);
}

/** The release in the other slot is tried once the site is quiet; answers why not. */
export function wishRelease(by: string, { updates }: Ports, ledger: Pick<Ledger, 'append'>): string | undefined {
  const refused = updates === undefined ? 'this box was installed without slots for releases' : updates.wish(by);
  if (refused === undefined) ledger.append({ kind: 'box-event', what: 'release-wished', by });
  return refused;
}
