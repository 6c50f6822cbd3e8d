import type { RadioReading } from '../../agent/model/box-readings.ts';
import { IMEI } from './at/commands/identity.ts';
import { answered, type Modem } from './modem.ts';
import { readRadio } from './radio.ts';

/** S-12, as support reads it: levels of the newest radio that answers. Undefined where the modem is silent. */
export async function readModem(modem: Modem): Promise<RadioReading | undefined> {
  const radio = await readRadio(modem);
  if (radio === undefined) return undefined;
  const { registration, technology, operator, signal, detail } = radio;
  const state = registration?.state;
  return {
    imei: answered(await modem.ask(IMEI)),
    technology,
    network: operator?.name ?? operator?.network,
    registered: state === 'home' || state === 'roaming' ? state : state === undefined ? undefined : 'no',
    rssi: signal?.rssiDbm,
    rsrp: detail?.ssRsrpDbm ?? detail?.rsrpDbm,
    rsrq: detail?.ssRsrqDb ?? detail?.rsrqDb,
    sinr: detail?.ssSinrDb ?? detail?.sinrDb,
  };
}
