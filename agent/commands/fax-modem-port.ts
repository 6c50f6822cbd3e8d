import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import type { LoadedConfig } from '../edge/load-config.ts';
import { isFault } from '../model/fault.ts';
import { millis } from '../model/units.ts';
import type { FaxModemPorts } from '../ports/agent-ports.ts';

/** Between 600 and 1,200 ms: what a far end's silence in the middle of a page may last (docs/fax.md). */
const FAX_LEAD = millis(800);

/** the modem of the fax machine in a process of its own. One that is not there stops nothing else. */
export async function openFaxModem({ box, site }: LoadedConfig, log: Logger): Promise<FaxModemPorts | undefined> {
  const { fax } = box.devices;
  if (fax === undefined || !site.fax?.lines.some(({ mode }) => mode === 'machine')) return undefined;
  const { startFaxModemProcess } = await import('../../firmware-ts/wires/node/fax-modem-process.ts');
  const entry = fileURLToPath(new URL('../../firmware-ts/fax-process.js', import.meta.url));
  try {
    const modem = await startFaxModemProcess(entry, { ...fax, lead: FAX_LEAD });
    return { line: modem, close: (done) => void modem.close().then(done) };
  } catch (error) {
    if (!isFault(error, 'modem.silent')) throw error;
    log.error({ ...error.context, code: error.code }, 'the fax machine has no modem: plug it in and restart the agent');
    return undefined;
  }
}
