import { systemClock } from '../agent/edge/system-clock.ts';
import { isFault } from '../agent/model/fault.ts';
import type { ModemOrder } from '../agent/model/fax-modem.ts';
import { createFaxModem } from './devices/fax-modem/fax-modem.ts';
import type { FaxProcessSettings, FromFaxProcess } from './wires/node/fax-modem-process.ts';
import { serialPath } from './wires/node/serial-line.ts';

/** The process of a fax modem: the tty, the Class 1 machine and the page pump, and nothing else that could take time. */
async function run(settings: FaxProcessSettings): Promise<void> {
  const tell = (news: FromFaxProcess): void => {
    if (process.connected) process.send?.(news);
  };
  const line = await serialPath(settings.path, settings.baudRate)().catch((error: unknown) => {
    if (isFault(error, 'modem.silent')) return undefined;
    throw error;
  });
  if (line === undefined) {
    tell({ on: 'no-tty' });
    process.disconnect();
    return;
  }
  const modem = createFaxModem(line, systemClock(), settings);
  modem.listen(tell);
  process.on('message', (order: ModemOrder) => modem.order(order));
  // Whoever started us is gone, or wants us gone: the modem is left silent, and the tty free.
  process.once('disconnect', async () => {
    await modem.close();
    process.exit(0);
  });
  tell({ on: 'opened' });
}

const settings: FaxProcessSettings = JSON.parse(process.argv[2] ?? '{}');
await run(settings);
