import type { ObjectType } from './object-type.ts';
import { kind } from './parameter-kinds.ts';

const { string, count, level, truth, passing } = kind;

/** TR-181 2.19.1, Cellular and TrustedElements, as far as they are bound; what they have no place for is `X_RELAIS_`. */
export const MOBILE_OBJECTS: readonly ObjectType[] = [
  {
    path: 'Device.Cellular.',
    parameters: { RoamingStatus: string, InterfaceNumberOfEntries: count, AccessPointNumberOfEntries: count },
  },
  {
    path: 'Device.Cellular.Interface.{i}.',
    keys: [['Alias'], ['Name']],
    parameters: {
      ...{ Enable: truth, Status: string, Alias: string, Name: string, LowerLayers: string, Upstream: truth },
      ...{ IMEI: string, SupportedAccessTechnologies: string, CurrentAccessTechnology: string, NetworkInUse: string },
      ...{ RSSI: level, RSRP: level, RSRQ: level, X_RELAIS_SINR: level, SIMReferenceList: string },
    },
  },
  {
    // Deprecated in 2.19 in favor of TrustedElements, and still what older controllers read.
    path: 'Device.Cellular.Interface.{i}.USIM.',
    parameters: { Status: string, IMSI: string, ICCID: string, MSISDN: string, PINCheck: string, PIN: string },
  },
  {
    path: 'Device.Cellular.AccessPoint.{i}.',
    keys: [['Alias'], ['APN', 'Interface']],
    parameters: { Enable: truth, Alias: string, APN: string, Interface: string },
  },
  { path: 'Device.TrustedElements.', parameters: { SIMNumberOfEntries: count } },
  {
    path: 'Device.TrustedElements.SIM.{i}.',
    keys: [['Alias']],
    parameters: {
      ...{ Alias: string, Status: string, IMSI: string, ICCID: string, MSISDN: string, Type: string, Usage: string },
      ...{ PINCheck: string, PIN: string, ProfileNumberOfEntries: count, X_RELAIS_Slot: count },
    },
  },
  {
    path: 'Device.TrustedElements.SIM.{i}.Profile.{i}.',
    keys: [['Alias']],
    parameters: { Alias: string, Name: string, ICCID: string, State: string, Class: string },
  },
  {
    path: 'Device.X_RELAIS_ESIM.',
    parameters: { Status: string, LastOrder: passing, LastOutcome: passing, LastWhy: passing },
    commands: {
      'Swap()': orderTo(['Slot', 'ICCID'], ['Slot']),
      'Enable()': orderTo(['Profile'], ['Profile']),
      'Download()': orderTo(['ActivationCode', 'ConfirmationCode'], ['ActivationCode']),
    },
  },
];

/** S-1: every order says why; the access point of the card that comes, and its PIN where it asks for one. */
function orderTo(own: readonly string[], required: readonly string[]) {
  return {
    input: [...own, 'Reason', 'AccessPoint', 'PIN'],
    required,
    output: ['Status', 'Order', 'Outcome', 'Why', 'From', 'To'],
    asynchronous: true,
  } as const;
}
