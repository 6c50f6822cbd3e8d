import type { PinState, TriesLeft } from './at/commands/pin.ts';
import type { SignalDetail } from './at/commands/signal.ts';
import type { RadioState } from './radio.ts';
import type { CardState } from './sim-card.ts';

/** What is read of a modem and its card, for the JSON of `relais sim info --json`; the IMSI is never shown whole. */
export type SimReadings = { readonly card: CardState | null; readonly radio: RadioState | null };

/** MCC, MNC and the last three digits: enough to know a card by, not enough to follow its owner. */
export const maskedImsi = (imsi: string | undefined): string | undefined =>
  imsi?.replace(
    /^(\d{5})\d*(\d{3})$/,
    (whole, network: string, end: string) => network.padEnd(whole.length - 3, '*') + end,
  );

/** One line a thing, for a field engineer's eyes. */
export function printSim({ card, radio }: SimReadings): string {
  if (card === null || radio === null)
    return 'modem         no answer: check the path, and that nothing else has it open\n';
  const rows: readonly (readonly [string, string])[] = [
    ['slot', card.slot === undefined ? 'one, or not told' : String(card.slot)],
    ['card', card.inserted ? (card.iccid ?? 'no ICCID read') : 'none inserted'],
    ['imsi', maskedImsi(card.imsi) ?? 'not read'],
    ['imei', card.imei ?? 'not read'],
    ['pin', card.inserted ? pinText(card.pin, card.tries) : 'no card'],
    ['registration', registrationText(radio)],
    ['operator', operatorText(radio)],
    ['technology', radio.technology ?? 'none'],
    ['signal', signalText(radio)],
    ['temperature', radio.temperature === undefined ? 'not told' : `${radio.temperature} °C`],
    ['messages', card.memory === undefined ? 'not read' : `${card.memory.used} of ${card.memory.total} places taken`],
  ];
  return rows.map(([name, text]) => `${name.padEnd(13)} ${plain(text)}\n`).join('');
}

/** The slots that there are. The other one cannot be read without leaving this one. */
export function printSlots({ card }: SimReadings): string {
  if (card === null) return 'modem  no answer: check the path, and that nothing else has it open\n';
  const inUse = card.inserted ? (card.iccid ?? 'no ICCID read') : 'no card';
  if (card.slot === undefined) return `slot -  in use  ${inUse}\n`;
  return [1, 2]
    .map((slot) =>
      slot === card.slot
        ? `slot ${slot}  in use  ${inUse}\n`
        : `slot ${slot}  not read: reading it would take the line down\n`,
    )
    .join('');
}

function pinText(pin: PinState | undefined, tries: TriesLeft | undefined): string {
  const left = `${tries?.pin ?? '?'} PIN and ${tries?.puk ?? '?'} PUK tries left`;
  if (pin === undefined) return `not told, ${left}`;
  if (pin.wants === 'other') return `locked: ${pin.lock}`;
  return `${pin.wants === 'nothing' ? 'nothing is asked' : `${pin.wants.toUpperCase()} is asked`}, ${left}`;
}

function registrationText({ registration }: RadioState): string {
  if (registration === undefined) return 'not told';
  const { state, messagesOnly, reject } = registration;
  const cause = reject === undefined ? '' : `, cause ${reject.cause}${reject.ofMaker ? " (the maker's)" : ''}`;
  return `${state}${messagesOnly ? ', messages only' : ''}${cause}`;
}

function operatorText({ operator }: RadioState): string {
  const words = [operator?.name, operator?.network].filter((word) => word !== undefined);
  return words.length === 0 ? 'none' : words.join(', ');
}

function signalText({ signal, detail }: RadioState): string {
  const level = signal?.rssiDbm === undefined ? [] : [`${signal.rssiDbm} dBm`];
  const parts = [...level, ...detailTexts(detail ?? {})];
  return parts.length === 0 ? 'not known' : parts.join(', ');
}

const detailTexts = (detail: SignalDetail): readonly string[] =>
  (
    [
      ['RSRP', detail.rsrpDbm ?? detail.ssRsrpDbm, 'dBm'],
      ['RSRQ', detail.rsrqDb ?? detail.ssRsrqDb, 'dB'],
      ['SINR', detail.sinrDb ?? detail.ssSinrDb, 'dB'],
      ['RSCP', detail.rscpDbm, 'dBm'],
    ] as const
  ).flatMap(([name, value, unit]) => (value === undefined ? [] : [`${name} ${Number(value.toFixed(1))} ${unit}`]));

/** Names come from networks: what could steer a terminal is not printed. */
const plain = (word: string): string => word.replace(/[^\x20-\x7e°]/g, '?');
