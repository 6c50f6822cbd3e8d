import { HONEST_BROKER } from '../../site/sim-broker.ts';
import type { Box } from './box.ts';
import { ACCOUNT, type Fleet } from './fleet.ts';
import { type Allowed, noteCap, noteMonth, overspent } from './oracle.ts';
import type { Plan } from './plan.ts';

/** What is known of a schedule while it runs. */
export type Run = {
  readonly plan: Plan;
  readonly fleet: Fleet;
  readonly allowed: Allowed;
  /** Every box that ever let a call through, clones included. */
  readonly boxes: Box[];
  /** Stores whose end was cut off by an old image: what was only there is gone with it. */
  readonly restored: Set<string>;
  readonly found: string[];
  /** Switches off each clone that still runs. */
  readonly clones: Set<() => void>;
  cap: number;
  cycle: number;
  called: number;
};

/** Support changes a cap or opens a month; what was spent until then is weighed against what was allowed until then. */
export function changeAccount(run: Run, capMicroEuro: number, cycle: number): void {
  const { fleet, allowed, plan } = run;
  const why = overspent(run.boxes, allowed, fleet);
  if (why !== undefined) run.found.push(`spent ≤ cap: ${why}`);
  if (cycle > run.cycle) noteMonth(allowed, plan, capMicroEuro);
  else noteCap(allowed, fleet, capMicroEuro, cycle);
  Object.assign(run, { cap: capMicroEuro, cycle });
  fleet.send(fleet.central.change(ACCOUNT, { capMicroEuro, cycle }, fleet.now()));
}

/** The storm is over: everybody is up, nothing is lost any more, and no clone is left. */
export function calm({ fleet, clones }: Run): void {
  for (const switchOff of [...clones]) switchOff();
  for (const broker of fleet.brokers) {
    broker.mend();
    broker.behave(HONEST_BROKER);
  }
  for (const box of fleet.boxes) {
    // An agent whose store was disowned twice in one life sends nothing any more until somebody starts it again.
    if (box.faults().some((fault) => fault.endsWith('nothing is sent'))) box.powerCut();
    box.start();
  }
}
