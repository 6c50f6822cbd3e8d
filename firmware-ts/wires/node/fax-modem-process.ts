import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { FaxModemNews, ModemOrder } from '../../../agent/model/fax-modem.ts';
import type { FaxModem, FaxModemSettings } from '../../devices/fax-modem/fax-modem.ts';
import { createPageBatches } from './page-batches.ts';

/** What the process has to know: which tty, how fast, and the settings of the modem. */
export type FaxProcessSettings = FaxModemSettings & { readonly path: string; readonly baudRate: number };

/** From the process: news of the modem, or that its tty is open. */
export type FromFaxProcess = FaxModemNews | { readonly on: 'opened' };

type Going = {
  readonly child: ChildProcess;
  /** Orders from before the tty was open. */
  readonly waiting: ModemOrder[];
  opened: boolean;
};

/**
 * A fax modem in a process of its own, so that nothing the agent does holds up a page (T.31 drops the carrier of a page whose
 * octets come late). A thread would do, but serialport 13 polls on the loop of the main thread and ends the whole process when
 * it is opened in another.
 *
 * `set-up` begins: it opens the tty, and opens it anew where the modem was unplugged. Each `set-up` to a modem that is not there is
 * answered by `lost`; other orders to it are forgotten.
 * @param entry the compiled firmware-ts/fax-process.
 */
export function createFaxModemProcess(entry: string, settings: FaxProcessSettings): FaxModem {
  let listener: (news: FaxModemNews) => void = () => undefined;
  let going: Going | undefined;
  let closing = false;

  /** A process that died is a line that is gone; the agent lives on. */
  function gone(child: ChildProcess | undefined): void {
    if (closing || going?.child !== child) return;
    going = undefined;
    listener({ on: 'lost' });
  }

  function start(): Going | undefined {
    // A process costs more than a look, and somebody who waits for a modem looks often.
    if (!existsSync(settings.path)) {
      setImmediate(() => gone(undefined));
      return undefined;
    }
    const child = fork(entry, [JSON.stringify(settings)], { serialization: 'advanced', execArgv: [] });
    const made: Going = { child, waiting: [], opened: false };
    child.on('message', (news: FromFaxProcess) => {
      if (going !== made) return;
      if (news.on === 'lost') return gone(child);
      if (news.on !== 'opened') return listener(news);
      made.opened = true;
      for (const order of made.waiting.splice(0)) child.send(order);
    });
    child.on('error', () => gone(child));
    child.once('exit', () => gone(child));
    return made;
  }

  function pass(order: ModemOrder): void {
    if (closing) return;
    if (going === undefined && order.do === 'set-up') going = start();
    if (going?.opened === false) going.waiting.push(order);
    else if (going?.child.connected === true) going.child.send(order);
  }

  const page = createPageBatches((octets) => pass({ do: 'page', octets }));

  return {
    order(order) {
      if (order.do === 'page') return page.add(order.octets);
      page.flush();
      pass(order);
    },
    listen(next) {
      listener = next;
    },
    async close() {
      closing = true;
      page.flush();
      if (going === undefined || going.child.exitCode !== null || going.child.signalCode !== null) return;
      const exited = once(going.child, 'exit');
      if (going.child.connected) going.child.disconnect();
      await exited;
    },
  };
}
