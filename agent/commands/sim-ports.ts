import { createApduChannel } from '../../firmware-ts/devices/apdu-channel.ts';
import { IMEI } from '../../firmware-ts/devices/at/commands/identity.ts';
import { createMessages } from '../../firmware-ts/devices/message-memory.ts';
import { answered, type Modem } from '../../firmware-ts/devices/modem.ts';
import { createSimModem } from '../../firmware-ts/devices/sim-modem.ts';
import type { SimPorts } from '../ports/agent-ports.ts';
import type { HttpsPost } from '../ports/https-post.ts';
import type { SwapJournal } from '../ports/swap-journal.ts';

type Files = { readonly https: HttpsPost; readonly journal: SwapJournal; readonly smsBook: SwapJournal };

/** S-1, S-11: the card of a modem and its short messages. All of it shares the one channel, each with its priority. */
export function simPortsOf(radio: Modem, { https, journal, smsBook }: Files): SimPorts {
  let announce = (): void => undefined;
  return {
    modem: createSimModem(radio),
    apdus: createApduChannel(radio.ask),
    https,
    journal,
    restarted: (listen) => radio.channel.listen(({ on }) => on === 'restarted' && listen()),
    imei: (done) => void radio.ask(IMEI).then((answer) => done(answered(answer))),
    sms: {
      messages: createMessages(radio, () => announce()),
      announced(listen) {
        announce = listen;
      },
      file: smsBook,
    },
  };
}
