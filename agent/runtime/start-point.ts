import { canonical } from '../model/canonical.ts';
import { erasedHash } from '../model/erased.ts';
import type { SiteConfig } from '../model/site-config.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { End } from './walk-chain.ts';

/**
 * What the records of an epoch came to, as it was written down for the next start (U-1: ready soon). Bound by a hash to
 * its own bytes, by `basis` to everything else that the fold depends on, and by its head to the ledger.
 */
export function writeStartPoint(end: End, basis: string, sha256: (text: string) => string): string {
  const { openCalls, lostLinks, dataCounts } = end;
  const maps = { openCalls: [...openCalls], lostLinks: [...lostLinks], dataCounts: [...dataCounts] };
  const text = canonical({ basis, end: { ...end, ...maps } });
  return `${sha256(text)}\n${text}`;
}

/** Nothing when it is of another epoch or basis, or not the bytes that were written. */
export function readStartPoint(
  written: string | undefined,
  { epoch, basis, sha256 }: { epoch: string; basis: string; sha256: (text: string) => string },
): End | undefined {
  const cut = written?.indexOf('\n') ?? -1;
  const text = written?.slice(cut + 1) ?? '';
  if (written === undefined || sha256(text) !== written.slice(0, cut)) return undefined;
  // Its hash says that this program wrote it: there is no other shape.
  const point = JSON.parse(text) as {
    basis: string;
    end: End & Record<'openCalls' | 'lostLinks' | 'dataCounts', Iterable<[string, never]>>;
  };
  if (point.basis !== basis || point.end.epoch !== epoch) return undefined;
  const { openCalls, lostLinks, dataCounts } = point.end;
  const maps = { openCalls: new Map(openCalls), lostLinks: new Map(lostLinks), dataCounts: new Map(dataCounts) };
  return { ...point.end, ...maps };
}

/** Is the record that the point ends with the one that stands in the ledger? */
export function fitsLedger(
  end: End,
  { store, sha256 }: Pick<AgentPorts, 'store' | 'sha256'>,
  done: (fits: boolean) => void,
): void {
  if ((store.state().head?.seq ?? 0) < end.size || end.size === 0) return done(false);
  store.read(end.size, 1, ([row]) =>
    done(row?.seq === end.size && (erasedHash(row.body) ?? sha256(row.body)) === end.head),
  );
}

/** What the fold of records depends on besides them. */
export const foldBasis = (config: SiteConfig, { boot, sha256 }: Pick<AgentPorts, 'boot' | 'sha256'>): string =>
  sha256(canonical({ software: boot.software, config, fold: FOLD }));

/** Raised whenever folding the same records comes to another end than before. */
const FOLD = 2;
