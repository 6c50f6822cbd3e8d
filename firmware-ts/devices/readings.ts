import type { LanDevice, Power, Signal } from '../../agent/ports/devices.ts';

/** What the devices said, null where they said nothing: the JSON of `relais devices --json`. */
export type Readings = {
  readonly signal: Signal | null;
  readonly power: Power | null;
  readonly inventory: readonly LanDevice[];
};

type Asked = { readonly modem: boolean; readonly ups: boolean; readonly lan: boolean };

/** The same for a field engineer's eyes, one line a device, and nothing of what was not asked for. */
export function printReadings(readings: Readings, asked: Asked): string {
  const lines = [
    ...(asked.modem ? [`modem  ${signalText(readings.signal)}`] : []),
    ...(asked.ups ? [`ups    ${powerText(readings.power)}`] : []),
    ...(asked.lan ? inventoryTexts(readings.inventory) : []),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function signalText(signal: Signal | null): string {
  if (signal === null) return 'no answer';
  const level = signal.rssiDbm === undefined ? 'signal not known' : `${signal.rssiDbm} dBm`;
  return signal.bitErrorClass === undefined ? level : `${level}, bit error class ${signal.bitErrorClass}`;
}

function powerText(power: Power | null): string {
  if (power === null) return 'no answer';
  return `mains ${power.mains ? 'present' : 'failed'}, battery ${power.batteryPercent} %`;
}

function inventoryTexts(devices: readonly LanDevice[]): readonly string[] {
  if (devices.length === 0) return ['lan    nothing answered'];
  // The words come from strangers: what could steer a terminal is not printed.
  return devices.map(({ address, usn, location }) => `lan    ${address}  ${plain(usn)}  ${plain(location)}`);
}

const plain = (word: string): string => word.replace(/[^\x20-\x7e]/g, '?');
