import { Fault } from '../../agent/model/fault.ts';
import { holdsAddress } from '../../agent/model/ipv4-networks.ts';
import type { ManagedServices } from '../../agent/model/managed-services.ts';
import type { ServicePart } from '../../agent/model/services-changed.ts';
import { type Millis, millis } from '../../agent/model/units.ts';
import type { Clock } from '../../agent/ports/clock.ts';
import type { ServicesPlane } from '../../agent/ports/services-plane.ts';
import type { SwapJournal } from '../../agent/ports/swap-journal.ts';

/** Addresses that the box must reach for its management, as the world knows them and the configuration may not. */
export type ManagementPath = { readonly broker: string; readonly gateways: readonly string[] };

/** The managed services as a kernel would have them, and the disk with their journal. */
export type SimServices = {
  readonly plane: ServicesPlane;
  readonly journal: SwapJournal;
  installed(): ManagedServices | undefined;
  /** Packets to the broker leave the box and come back. */
  pathStands(): boolean;
  changeByHand(parts: readonly ServicePart[]): void;
  /** The next `orders` fail, half done. */
  refuse(orders: number): void;
  /** What the disk has flushed stays; what it was told a moment ago may be on it or not. */
  powerCut(lastWriteHeld: boolean): void;
};

const TAKES = { install: millis(60), write: millis(20) } as const;

/**
 * Left out: names and leases. An address of the box itself, or a network of its LAN, that holds the broker or a gateway
 * draws what is sent there to the wrong place: that is how a configuration cuts the path that it came by.
 */
export function createSimServices(clock: Clock, path: ManagementPath): SimServices {
  let installed: ManagedServices | undefined;
  let altered: readonly ServicePart[] = [];
  let refusals = 0;
  let disk: string | undefined;
  let writing: { readonly text: string } | undefined;
  let power = 0;
  const later = (takes: Millis, work: () => void): void => {
    const mine = power;
    clock.after(takes, () => {
      if (mine === power) work();
    });
  };
  return {
    plane: {
      install: (services, done) =>
        later(TAKES.install, () => {
          installed = services;
          altered = [];
          refusals -= 1;
          done(refusals >= 0 ? new Fault('network.refused', { why: 'taught to refuse' }) : undefined);
          refusals = Math.max(0, refusals);
        }),
      changed: (done) => done(altered),
      close: (done) => done(),
    },
    journal: {
      read: () => disk,
      keep(text, done) {
        writing = { text };
        later(TAKES.write, () => {
          disk = text;
          writing = undefined;
          done(true);
        });
      },
    },
    installed: () => installed,
    pathStands: () => installed !== undefined && [path.broker, ...path.gateways].every((one) => !draws(installed, one)),
    changeByHand(parts) {
      altered = parts;
    },
    refuse(orders) {
      refusals = orders;
    },
    powerCut(lastWriteHeld) {
      power += 1;
      if (lastWriteHeld && writing !== undefined) disk = writing.text;
      writing = undefined;
      installed = undefined;
      altered = [];
    },
  };
}

/** Would the box keep for itself, or send to its LAN, what is for this address? */
function draws(services: ManagedServices | undefined, address: string): boolean {
  if (services === undefined) return false;
  const { lan, publicAddresses } = services;
  const own = publicAddresses.some((one) => one.address === address);
  return own || (lan !== undefined && holdsAddress(`${lan.address}/${lan.prefix}`, address));
}
