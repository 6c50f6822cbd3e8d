import type { Counters, LinkCounter } from '../ports/counters.ts';

/** Bytes of IP since the interface came into being; `index` names its life within a boot of the box. */
type InterfaceCounter = {
  readonly name: string;
  readonly index: number;
  readonly sent: number;
  readonly received: number;
};

type Link = { readonly name: string; readonly interface: string };

/** What the interfaces of the links carried, as the kernel counts it; a kernel that can't be asked says nothing. */
export function createKernelCounters(
  links: readonly Link[],
  read: () => Promise<readonly InterfaceCounter[]>,
): Counters {
  return {
    read(done) {
      read().then(
        (interfaces) => {
          const byName = new Map(interfaces.map((one) => [one.name, one]));
          const counters = links.flatMap((link): [string, LinkCounter][] => {
            const seen = byName.get(link.interface);
            if (seen === undefined || !isExact(seen.sent) || !isExact(seen.received)) return [];
            return [[link.name, { life: String(seen.index), up: seen.sent, down: seen.received }]];
          });
          done(new Map(counters));
        },
        () => done(new Map()),
      );
    },
  };
}

const isExact = (bytes: number): boolean => Number.isSafeInteger(bytes) && bytes >= 0;
