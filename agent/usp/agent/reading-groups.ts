import { READING_GROUPS, type ReadingGroup } from '../../model/box-readings.ts';
import type { Request } from '../wire/message.ts';

/** Where in the model the readings of a group stand. */
const PLACES: Readonly<Record<ReadingGroup, readonly string[]>> = {
  interfaces: ['Device.Ethernet.', 'Device.IP.Interface.'],
  machine: ['Device.DeviceInfo.ProcessStatus.', 'Device.DeviceInfo.MemoryStatus.'],
  radio: ['Device.Cellular.'],
  card: [
    ...[
      'Device.Cellular.AccessPoint.',
      'Device.Cellular.Interface.1.USIM.',
      'Device.Cellular.Interface.1.SIMReferenceList',
    ],
    ...['Device.TrustedElements.', 'Device.X_RELAIS_ESIM.'],
  ],
  temperatures: ['Device.DeviceInfo.TemperatureStatus.'],
  lamps: ['Device.LEDs.'],
  power: ['Device.X_RELAIS_Power.'],
};

/** What has to be read before these paths can be answered. References may lead anywhere. */
export function readingGroups(paths: readonly string[]): ReadonlySet<ReadingGroup> {
  return new Set(
    READING_GROUPS.filter((group) => paths.some((path) => PLACES[group].some((place) => needs(path, place)))),
  );
}

function needs(path: string, place: string): boolean {
  if (path.includes('+')) return true;
  const literal = /^[^*[]*/.exec(path)?.[0] ?? '';
  if (!literal.startsWith(place) && !place.startsWith(literal)) return false;
  // What the agent knows of a link by itself needs no question to the kernel.
  if (place !== 'Device.IP.Interface.' || !literal.startsWith(place)) return true;
  return path.endsWith('.') || /\.(Stats|LowerLayers|MaxMTUSize)\b|\[/.test(path);
}

/** The paths that a request names. */
export function pathsOf({ get, getInstances, set, add, delete: remove, operate }: Request): readonly string[] {
  return [
    ...(get?.paramPaths ?? []),
    ...(getInstances?.objPaths ?? []),
    ...(set?.updateObjs ?? []).map(({ objPath }) => objPath),
    ...(add?.createObjs ?? []).map(({ objPath }) => objPath),
    ...(remove?.objPaths ?? []),
    ...(operate === undefined ? [] : [operate.command]),
  ];
}
