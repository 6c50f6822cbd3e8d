import { parentPort } from 'node:worker_threads';
import { systemClock } from '../../../agent/edge/system-clock.ts';
import { createPty } from '../../../hw-sim/devices/pty.ts';
import { createClass1Modem } from '../../../hw-sim/fax/class1-modem.ts';
import type { ModemTally } from '../../../hw-sim/fax/modem-works.ts';

/** What the simulated modem tells: where its tty is, and what it made of a page. */
export type FaxSimNews =
  | { readonly on: 'there'; readonly path: string }
  | { readonly on: 'page'; readonly octets: Uint8Array; readonly tally: ModemTally };

/** A simulated Class 1 modem on a pty, in a thread of its own: a stalled test does not stall the telephone line. */
const pty = await createPty();
const quiet = () => undefined;
const modem = createClass1Modem({
  cable: pty.end,
  clock: systemClock(),
  machine: {
    dialed: quiet,
    answered: quiet,
    hungUp: quiet,
    frame: quiet,
    page: (octets) => tell({ on: 'page', octets, tally: modem.tally() }),
  },
});
parentPort?.on('message', async () => {
  await pty.close();
  parentPort?.close();
});
tell({ on: 'there', path: pty.path });

function tell(news: FaxSimNews): void {
  parentPort?.postMessage(news);
}
