import type { Sight } from '../sight.ts';

export type Severity = 'Critical' | 'Major' | 'Minor' | 'Warning';

/** What may be wrong here: event type and probable cause as X.733 names them, and the object that has it. */
export type AlarmKind = {
  readonly problem: string;
  readonly event: string;
  readonly cause: string;
  readonly severity: Severity;
  readonly object: string;
};

/** Something that is wrong now. */
export type Condition = { readonly problem: string; readonly severity: Severity; readonly text: string };

const COMMUNICATIONS = 'Communications Alarm';
const PROCESSING = 'Processing Error Alarm';
const EQUIPMENT = 'Equipment Alarm';
const ENVIRONMENT = 'Environmental Alarm';

const lost = (link: string): string => `link ${link} does not answer`;
const hot = (sensor: string): string => `temperature of ${sensor}`;
const LIMIT = 'a limit of the contract is reached';
const CELL = 'Device.Cellular.Interface.1';

/** The alarms that a box of this kind can raise (G-6, G-7, M-3, U-5): `SupportedAlarm`. */
export function alarmKinds(sight: Sight): readonly AlarmKind[] {
  const kind = (problem: string, event: string, cause: string, severity: Severity, object: string): AlarmKind => ({
    ...{ problem, event, cause, severity, object },
  });
  return [
    ...sight.links.map(({ name }, index) =>
      kind(lost(name), COMMUNICATIONS, 'Loss of Signal', 'Major', `Device.IP.Interface.${index + 1}`),
    ),
    kind('no link answers', COMMUNICATIONS, 'Loss of Signal', 'Critical', 'Device.IP'),
    kind(
      'the central is not reached',
      COMMUNICATIONS,
      'Connection Establishment Error',
      'Major',
      'Device.MQTT.Client.1',
    ),
    kind('no room for records', PROCESSING, 'Storage Capacity Problem', 'Critical', 'Device.X_RELAIS_Ledger'),
    kind('credit is used up', PROCESSING, 'Threshold Crossed', 'Minor', 'Device.X_RELAIS_Reliability'),
    kind(LIMIT, PROCESSING, 'Threshold Crossed', 'Warning', 'Device.Services.VoiceService.1'),
    kind('the clock is not known', PROCESSING, 'Timing Problem', 'Major', 'Device.Time'),
    kind('the clock runs by itself', PROCESSING, 'Timing Problem', 'Warning', 'Device.Time'),
    kind(
      'services changed by hand',
      PROCESSING,
      'Configuration Or Customization Error',
      'Warning',
      'Device.X_RELAIS_Services',
    ),
    kind('the modem is silent', EQUIPMENT, 'Equipment Malfunction', 'Major', CELL),
    kind('the mobile line is not registered', COMMUNICATIONS, 'Loss of Signal', 'Minor', CELL),
    kind('mains lost', ENVIRONMENT, 'Power Problem', 'Major', 'Device.X_RELAIS_Power'),
    kind('battery low', ENVIRONMENT, 'Power Problem', 'Critical', 'Device.X_RELAIS_Power'),
    ...(sight.readings?.temperatures ?? []).map(({ name }, index) =>
      kind(
        hot(name),
        ENVIRONMENT,
        'Temperature Unacceptable',
        'Major',
        `Device.DeviceInfo.TemperatureStatus.TemperatureSensor.${index + 1}`,
      ),
    ),
  ];
}

/** Below, somebody has to hurry: the box ends in order and takes its calls with it. */
const BATTERY_LOW = 20;

/** What of it holds now, each with a sentence for support. */
export function conditionsIn(sight: Sight): readonly Condition[] {
  const told: readonly (readonly [holds: boolean, problem: string, text: string])[] = [
    ...links(sight),
    [!sight.broker.joined, 'the central is not reached', `broker ${sight.broker.host}`],
    [!sight.ledger.recording, 'no room for records', `${sight.ledger.room} bytes are left`],
    [sight.credit.limited, 'credit is used up', 'calls outside of the bundle are refused'],
    [(sight.limits ?? []).length > 0, LIMIT, (sight.limits ?? []).join(', ')],
    [sight.clock === 'never', 'the clock is not known', 'time of day was never set since the start'],
    [sight.clock === 'holdover', 'the clock runs by itself', 'no source of time is heard'],
    [
      (sight.services?.changedByHand.length ?? 0) > 0,
      'services changed by hand',
      sight.services?.changedByHand.join(', ') ?? '',
    ],
    ...modem(sight),
    ...surroundings(sight),
  ];
  const kinds = alarmKinds(sight);
  return told.flatMap(([holds, problem, text]) => {
    const severity = kinds.find((kind) => kind.problem === problem)?.severity;
    return holds && severity !== undefined ? [{ problem, severity, text }] : [];
  });
}

type Told = readonly (readonly [holds: boolean, problem: string, text: string])[];

function links({ links: all }: Sight): Told {
  const down = all.filter(({ answers }) => answers === false);
  return [
    ...down.map(({ name, lost: probes }) => [true, lost(name), `${probes} probes lost since the start`] as const),
    [down.length > 0 && down.length === all.length, 'no link answers', 'the site is cut off'],
  ];
}

function modem({ readings, mobile }: Sight): Told {
  if (mobile === undefined) return [];
  return [
    [readings?.silent?.includes('radio') === true, 'the modem is silent', 'it answers no question'],
    [
      readings?.radio?.registered === 'no',
      'the mobile line is not registered',
      readings?.radio?.network ?? 'no network',
    ],
  ];
}

function surroundings({ readings, mains }: Sight): Told {
  const power = readings?.power;
  const onBattery = power === undefined ? mains === false : !power.mains;
  const battery = power?.batteryPercent ?? 100;
  return [
    [onBattery, 'mains lost', power === undefined ? 'the UPS feeds the box' : `battery ${battery} %`],
    [onBattery && battery < BATTERY_LOW, 'battery low', `battery ${battery} %`],
    ...(readings?.temperatures ?? []).map(({ name, celsius, highAlarm, lowAlarm }) => {
      const isOut = celsius !== undefined && (celsius >= (highAlarm ?? 999) || celsius <= (lowAlarm ?? -274));
      return [isOut, hot(name), `${celsius} degrees Celsius`] as const;
    }),
  ];
}
