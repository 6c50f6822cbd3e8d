import { fileURLToPath } from 'node:url';
import type { LoadedConfig } from '../edge/load-config.ts';
import { millis } from '../model/units.ts';
import type { FaxModemPorts } from '../ports/agent-ports.ts';

/** Between 600 and 1,200 ms: what a far end's silence in the middle of a page may last (docs/fax.md). */
const FAX_LEAD = millis(800);

/** the modem of the fax machine in a process of its own. One that is not there is waited for, and stops nothing else. */
export async function openFaxModem({ box, site }: LoadedConfig): Promise<FaxModemPorts | undefined> {
  const { fax } = box.devices;
  if (fax === undefined || !site.fax?.lines.some(({ mode }) => mode === 'machine')) return undefined;
  const { createFaxModemProcess } = await import('../../firmware-ts/wires/node/fax-modem-process.ts');
  const entry = fileURLToPath(new URL('../../firmware-ts/fax-process.js', import.meta.url));
  const modem = createFaxModemProcess(entry, { ...fax, lead: FAX_LEAD });
  return { line: modem, close: (done) => void modem.close().then(done) };
}
