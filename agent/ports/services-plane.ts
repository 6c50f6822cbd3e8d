import type { ManagedServices } from '../model/managed-services.ts';
import type { ServicePart } from '../model/services-changed.ts';
import type { Millis } from '../model/units.ts';
import type { SwapJournal } from './swap-journal.ts';

/** What carries out the managed services: rules and addresses of the kernel, and the server for addresses and names. */
export interface ServicesPlane {
  /** Puts these services in the place of whatever was there; answers the error that stopped it half-way, if any. */
  install(services: ManagedServices, done: (error: Error | undefined) => void): void;
  /** Which parts are not as they were installed: somebody has changed them by hand. Nothing where it cannot be told. */
  changed(done: (parts: readonly ServicePart[]) => void): void;
  /** Addresses and names are served no more; rules and addresses of the kernel stay. */
  close(done: () => void): void;
}

export type ServicesPorts = {
  readonly plane: ServicesPlane;
  /** What is committed and what is tried. */
  readonly journal: SwapJournal;
  /** First ports of the box's own: relay and probes. */
  readonly ports: { readonly relay: number; readonly probes: number };
  /** Absent: what the requirements ask for. */
  readonly patience?: Partial<ServicesPatience>;
};

export type ServicesPatience = {
  /** From the order of a change to its controller's word. */
  readonly confirmWithin: Millis;
  /** From the change in force to a new connection. */
  readonly reachWithin: Millis;
  /** What was refused is tried again. */
  readonly tryAgain: Millis;
  /** Between looks at what was changed by hand. */
  readonly lookAfter: Millis;
};
