import { cutFax } from '../machines/fax-traffic.ts';
import type { Ledger } from './ledger.ts';

/** A fax does not outlive the agent: what the records left open is ended with the pages that they prove, before anything new begins. */
export function endCutFaxes(ledger: Pick<Ledger, 'faxes' | 'append'>): void {
  for (const open of ledger.faxes().open) ledger.append(cutFax(open));
}
