import type { CardProfile, CardReading } from '../../model/box-readings.ts';
import type { Sight } from '../sight.ts';
import { text } from './bind-site.ts';
import type { Values } from './object-type.ts';

type Bound = Readonly<Record<string, Values>>;
type Placed = readonly [path: string, values: Values];

const CELL = 'Device.Cellular.Interface.1.';
const SIM = 'Device.TrustedElements.SIM.1.';

/** The mobile link of the site: radio, card in use, profiles of an eUICC. Nothing where the box has no modem. */
export function bindMobile(sight: Sight): Bound {
  const { mobile } = sight;
  if (mobile === undefined) return { ...NOTHING, 'Device.X_RELAIS_ESIM.': { Status: 'NoModem' } };
  return { ...radio(sight, mobile), ...card(sight, mobile), 'Device.X_RELAIS_ESIM.': swapOf(mobile) };
}

type Mobile = NonNullable<Sight['mobile']>;

const NOTHING: Bound = {
  'Device.Cellular.': { InterfaceNumberOfEntries: '0', AccessPointNumberOfEntries: '0' },
  'Device.TrustedElements.': { SIMNumberOfEntries: '0' },
};

/** TR-181: the enumeration names air interfaces, the modem tells generations of them. */
const TECHNOLOGY = { '2G': 'EDGE', '3G': 'UMTSHSPA', '4G': 'LTE', '5G': 'NR' } as const;

function radio({ readings, links }: Sight, mobile: Mobile): Bound {
  const seen = readings?.radio;
  const link = links.find(({ name }) => name === mobile.link);
  const registered = seen?.registered;
  const status = seen === undefined ? 'Unknown' : registered === 'no' ? 'Dormant' : statusOf(link?.answers);
  const accessPoint = readings?.card?.accessPoint;
  const points: readonly Placed[] =
    accessPoint === undefined
      ? []
      : [
          [
            'Device.Cellular.AccessPoint.1.',
            { Enable: 'true', Alias: 'cpe-1', APN: accessPoint, Interface: CELL.slice(0, -1) },
          ],
        ];
  return {
    'Device.Cellular.': {
      ...{ InterfaceNumberOfEntries: '1', AccessPointNumberOfEntries: text(points.length) },
      ...(registered === undefined ? {} : { RoamingStatus: registered === 'roaming' ? 'Roaming' : 'Home' }),
    },
    [CELL]: {
      ...{ Enable: 'true', Status: status, Alias: `cpe-${mobile.link}`, Name: mobile.link, LowerLayers: '' },
      ...{ Upstream: 'true', IMEI: seen?.imei ?? '', SupportedAccessTechnologies: '' },
      CurrentAccessTechnology: seen?.technology === undefined ? '' : TECHNOLOGY[seen.technology],
      NetworkInUse: seen?.network ?? '',
      ...level('RSSI', seen?.rssi),
      ...level('RSRP', seen?.rsrp),
      ...level('RSRQ', seen?.rsrq),
      ...level('X_RELAIS_SINR', seen?.sinr),
      SIMReferenceList: readings?.card === undefined ? '' : SIM.slice(0, -1),
    },
    ...Object.fromEntries(points),
  };
}

const statusOf = (answers: boolean | undefined): string =>
  answers === undefined ? 'Unknown' : answers ? 'Up' : 'Down';

/** What the modem did not say has no value at all: zero would be a level. */
const level = (name: string, value: number | undefined): Values => (value === undefined ? {} : { [name]: text(value) });

function card({ readings }: Sight, mobile: Mobile): Bound {
  const seen = readings?.card;
  if (seen === undefined) return { 'Device.TrustedElements.': { SIMNumberOfEntries: '0' } };
  const profiles = seen.profiles ?? [];
  const own = {
    ...{ Status: cardStatus(seen), IMSI: seen.imsi ?? '', ICCID: seen.iccid ?? '' },
    ...{ MSISDN: (mobile.number ?? '').replace('+', ''), PINCheck: seen.locked === true ? 'Reboot' : 'Off', PIN: '' },
  };
  return {
    [`${CELL}USIM.`]: own,
    'Device.TrustedElements.': { SIMNumberOfEntries: '1' },
    [SIM]: {
      ...{ ...own, Alias: 'cpe-1', Usage: 'UICC', Type: seen.profiles === undefined ? 'USIM' : 'eSIM' },
      ...{ ProfileNumberOfEntries: text(profiles.length), X_RELAIS_Slot: text(seen.slot ?? 0) },
    },
    ...Object.fromEntries(profiles.map(profileRow)),
  };
}

function cardStatus({ iccid, pin }: CardReading): string {
  if (pin === 'blocked') return 'Blocked';
  if (pin === 'asked') return 'Available';
  return iccid === undefined ? 'None' : 'Valid';
}

const CLASS = { test: 'Test', provisioning: 'Provisioning', operational: 'Operational' } as const;

function profileRow(profile: CardProfile, index: number): Placed {
  const { iccid, name, isEnabled } = profile;
  return [
    `${SIM}Profile.${index + 1}.`,
    {
      ...{ Alias: `cpe-${iccid}`, Name: name, ICCID: iccid, State: isEnabled ? 'Active' : 'Inactive' },
      Class: profile.class === undefined ? 'Unknown' : CLASS[profile.class],
    },
  ];
}

const swapOf = ({ swapping, last }: Mobile): Values => ({
  Status: swapping ? 'Swapping' : 'Idle',
  ...{ LastOrder: last?.order ?? '', LastOutcome: last?.outcome ?? '', LastWhy: last?.why ?? '' },
});
