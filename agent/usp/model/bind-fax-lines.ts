import type { Sight } from '../sight.ts';
import { text } from './bind-site.ts';
import type { Values } from './object-type.ts';

type Bound = Readonly<Record<string, Values>>;
type Placed = readonly [path: string, values: Values];

const SERVICE = 'Device.Services.VoiceService.1.';
const LINE = `${SERVICE}CallControl.Line.`;

/** T.38 as the box offers it (docs/fax.md); how often it says a packet again follows the loss, so no number of TR-104 is it. */
export function bindFaxLines({ faxLines, voice, lines }: Sight): Bound {
  if (faxLines === undefined) return {};
  const now = voice?.faxesNow ?? [];
  const of = (direction: 'sent' | 'received'): number => now.filter((one) => one.direction === direction).length;
  const rows = faxLines.map(({ number, mode }, index): Placed => {
    const counts = voice?.faxes[number];
    const at = lines.findIndex((line) => line.number === number);
    return [
      `${SERVICE}X_RELAIS_Fax.Line.${index + 1}.`,
      {
        ...{ UsedLine: at < 0 ? '' : `${LINE}${at + 1}`, Mode: mode === 'machine' ? 'Machine' : 'Terminal' },
        ...{ Sent: text(counts?.sent ?? 0), Received: text(counts?.received ?? 0), Failed: text(counts?.failed ?? 0) },
        ...{ PagesSent: text(counts?.pagesSent ?? 0), PagesReceived: text(counts?.pagesReceived ?? 0) },
      },
    ];
  });
  return {
    [`${SERVICE}VoIPProfile.1.`]: { Alias: 'cpe-fax', Enable: 'true', Name: 'fax' },
    [`${SERVICE}VoIPProfile.1.FaxT38.`]: T38,
    [`${SERVICE}X_RELAIS_Fax.`]: {
      ...{ SendingNow: text(of('sent')), ReceivingNow: text(of('received')), LineNumberOfEntries: text(rows.length) },
    },
    ...Object.fromEntries(rows),
  };
}

const T38: Values = { MaxBitRate: '14400', TCFMethod: 'Network' };
