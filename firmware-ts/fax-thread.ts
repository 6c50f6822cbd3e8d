import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../agent/edge/system-clock.ts';
import { isFault } from '../agent/model/fault.ts';
import type { ModemOrder } from './devices/fax-modem/class1-state.ts';
import { createFaxModem } from './devices/fax-modem/fax-modem.ts';
import type { FaxThreadSettings, FromFaxThread } from './wires/node/fax-modem-thread.ts';
import { serialPath } from './wires/node/serial-line.ts';

/** The thread of a fax modem: the tty, the Class 1 machine and the page pump, and nothing else that could take time. */
async function run(settings: FaxThreadSettings): Promise<void> {
  const tell = (news: FromFaxThread): void => parentPort?.postMessage(news);
  const line = await serialPath(settings.path, settings.baudRate)().catch((error: unknown) => {
    if (isFault(error, 'modem.silent')) return undefined;
    throw error;
  });
  if (line === undefined) return tell({ on: 'closed' });
  const modem = createFaxModem(line, systemClock(), settings);
  modem.listen(tell);
  parentPort?.on('message', async (order: ModemOrder | { readonly do: 'close' }) => {
    if (order.do !== 'close') return modem.order(order);
    await modem.close();
    parentPort?.close();
  });
  tell({ on: 'opened' });
}

await run(workerData as FaxThreadSettings);
