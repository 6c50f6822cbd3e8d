import { readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { systemClock } from '../agent/edge/system-clock.ts';
import { isFault } from '../agent/model/fault.ts';
import type { ModemOrder } from '../agent/model/fax-modem.ts';
import { createFaxModem, type FaxModem } from './devices/fax-modem/fax-modem.ts';
import type { FaxProcessSettings, FromFaxProcess } from './wires/node/fax-modem-process.ts';
import { createPageBatches } from './wires/node/page-batches.ts';
import { serialPath } from './wires/node/serial-line.ts';

/**
 * The process of a fax modem: the tty, the Class 1 machine and the page pump, and nothing else that could take time. It ends with its
 * tty: who wants the modem again starts another.
 */
async function run(settings: FaxProcessSettings): Promise<void> {
  goBeforeOthers();
  let modem: FaxModem | undefined;
  // Whoever started us is gone, or wants us gone: the modem is left silent, and the tty free.
  process.once('disconnect', async () => {
    await modem?.close();
    process.exit(0);
  });
  const send = (news: FromFaxProcess): void => {
    if (process.connected) process.send?.(news);
  };
  const page = createPageBatches((octets) => send({ on: 'page', octets }));
  const tell = (news: FromFaxProcess): void => {
    if (news.on === 'page') return page.add(news.octets);
    page.flush();
    send(news);
    if (news.on === 'lost' && process.connected) process.disconnect();
  };
  const line = await serialPath(settings.path, settings.baudRate)().catch((error: unknown) => {
    if (isFault(error, 'modem.silent')) return undefined;
    throw error;
  });
  if (line === undefined) return tell({ on: 'lost' });
  const opened = createFaxModem(line, systemClock(), settings);
  modem = opened;
  opened.listen(tell);
  process.on('message', (order: ModemOrder) => opened.order(order));
  tell({ on: 'opened' });
}

/**
 * A modem runs dry after a quarter of a second, whatever else the box has to do; this takes little of it. Only root may ask for it. Linux
 * has a priority for each thread, and the tty is read and written by those of libuv, which are there by now.
 */
function goBeforeOthers(): void {
  for (const thread of readdirSync('/proc/self/task').map(Number)) {
    try {
      setPriority(thread, constants.priority.PRIORITY_HIGH);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ERR_SYSTEM_ERROR')) throw error;
    }
  }
}

const settings: FaxProcessSettings = JSON.parse(process.argv[2] ?? '{}');
await run(settings);
