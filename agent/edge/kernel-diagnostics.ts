import type { Diagnosis, Finding, PingFinding, TraceFinding } from '../model/diagnosis.ts';
import { DATA, DIAGNOSTIC_PORTS } from '../plans/data-plane.ts';
import type { Diagnostics } from '../ports/diagnostics.ts';
import { downloadFrom, lookUpFrom } from './diagnose-link.ts';

type Link = { readonly name: string; readonly number: number; readonly interface: string };
type Tested = { readonly interface: string; readonly mark: number };

/** The tests that a program of the system makes. */
export type TestPrograms = {
  ping(link: Tested, order: Extract<Diagnosis, { test: 'ping' }>): Promise<PingFinding>;
  trace(link: Tested, order: Extract<Diagnosis, { test: 'trace' }>): Promise<TraceFinding>;
};

/** Ports of a link are few, and so are tests at once. */
const AT_ONCE = 4;

/** Tests over the route of one link: its packets are known by their mark or their port, whichever link carries traffic. */
export function createKernelDiagnostics(links: readonly Link[], programs: TestPrograms): Diagnostics {
  const busy = new Set<number>();
  let [going, turn] = [0, 0];

  async function run(order: Diagnosis): Promise<Finding> {
    const link = links.find(({ name }) => name === order.link);
    if (link === undefined || going >= AT_ONCE) return nothing(order);
    going += 1;
    // The next one each time: a port whose connection has just ended is not free at once (TCP, TIME-WAIT).
    turn += 1;
    const port = freePort(link.number, busy, turn);
    busy.add(port);
    try {
      const tested = { interface: link.interface, mark: DATA | link.number };
      switch (order.test) {
        case 'ping':
          return await programs.ping(tested, order);
        case 'trace':
          return await programs.trace(tested, order);
        case 'download':
          return await downloadFrom(port, order);
        case 'lookup':
          return await lookUpFrom(port, order);
      }
    } finally {
      going -= 1;
      busy.delete(port);
    }
  }

  return { run: (order, done) => void run(order).then(done) };
}

function freePort(link: number, busy: ReadonlySet<number>, turn: number): number {
  const { first, perLink } = DIAGNOSTIC_PORTS;
  const base = first + link * perLink;
  const ports = Array.from({ length: perLink }, (_, index) => base + ((turn + index) % perLink));
  return ports.find((port) => !busy.has(port)) ?? base;
}

function nothing({ test }: Diagnosis): Finding {
  const failed = 'failed';
  switch (test) {
    case 'ping':
      return { test, failed, answers: [], lost: 0 };
    case 'trace':
      return { test, failed, hops: [] };
    case 'download':
      return { test, failed, opened: 0, connected: 0, asked: 0, began: 0, ended: 0, bytes: 0, received: 0, sent: 0 };
    case 'lookup':
      return { test, failed, results: [] };
  }
}
