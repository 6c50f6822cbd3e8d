import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { Fault } from '../../../agent/model/fault.ts';
import type { FaxModem, FaxModemNews, FaxModemSettings } from '../../devices/fax-modem/fax-modem.ts';

/** What the thread has to know: which tty, how fast, and the settings of the modem. */
export type FaxThreadSettings = FaxModemSettings & { readonly path: string; readonly baudRate: number };

/** From the thread: news of the modem, or how it began. */
export type FromFaxThread = FaxModemNews | { readonly on: 'opened' } | { readonly on: 'closed' };

/**
 * A fax modem on a thread of its own, so that nothing the agent does holds up a page (T.31 drops the carrier of a page whose
 * octets come late).
 * @param entry the compiled firmware-ts/fax-thread.
 * @throws Fault 'modem.silent' when the tty is not there.
 */
export async function startFaxModemThread(entry: URL, settings: FaxThreadSettings): Promise<FaxModem> {
  const worker = new Worker(entry, { workerData: settings });
  const [first]: FromFaxThread[] = await once(worker, 'message');
  if (first?.on !== 'opened') {
    await worker.terminate();
    throw new Fault('modem.silent', { path: settings.path });
  }
  let listener: (news: FaxModemNews) => void = () => undefined;
  let closing = false;
  worker.on('message', (news: FromFaxThread) => {
    if (news.on !== 'opened' && news.on !== 'closed') listener(news);
  });
  // A thread that died is a line that is gone; the agent lives on.
  worker.on('error', () => undefined);
  worker.on('exit', () => {
    if (!closing) listener({ on: 'lost' });
  });
  return {
    order: (order) => worker.postMessage(order),
    listen(next) {
      listener = next;
    },
    async close() {
      closing = true;
      const exited = once(worker, 'exit');
      worker.postMessage({ do: 'close' });
      await exited;
    },
  };
}
