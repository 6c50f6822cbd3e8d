import { readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { LedgerRecord } from '../../../agent/model/record.ts';
import type { Line } from '../../kernel/control-socket.ts';
import { runIn } from '../../kernel/namespaces.ts';
import { relais } from '../relais.ts';
import { call, checkCall, endedCalls } from './call.ts';
import { bootIn } from './desk.ts';
import type { Judge, Scene } from './scene.ts';

/** The agent looks every five seconds whether the site is quiet: two looks, and then some. */
const WAITS_MS = 11_000;
const PATIENCE_MS = 120_000;

/** D-3, M-5: a release that is wished for during a call is tried when the call is over, and not before. */
export async function waited(scene: Scene, bundle: string, meanwhile: Promise<unknown>): Promise<readonly Judge[]> {
  const { stage } = scene;
  const from = stage.agentLog.all().length;
  await take(scene, bundle);
  const talking = await call(stage);
  await activate(scene);
  await Promise.all([pause(WAITS_MS), meanwhile]);
  const untouched = !stage.agentLog.all().slice(from).some(isTrial);
  const counts = await talking.hangUp();
  await confirmed(scene, '1.1.0', from);
  const slot = current(scene);
  return [
    (records) => [
      {
        name: 'D-3, M-5: a release that is ordered during a call waits for its end, then is tried, confirmed and lived on',
        holds: untouched && slot === 'slots/b' && named(records).slice(0, 2).join() === 'relais 1.0.0,relais 1.1.0',
        found: `${untouched ? 'waited' : 'did NOT wait'}; ${slot}; ${named(records).join(', ')}`,
      },
      ...checkCall('a call that a release waits for', counts, { ended: endedCalls(records)[0], seenWhole: true }),
    ],
  ];
}

/** D-3, V-1, U-1: a restart that is ordered on top of the wish does not wait: the call lives through it. */
export async function forced(scene: Scene, bundle: string): Promise<Judge> {
  const { stage, desk } = scene;
  const from = stage.agentLog.all().length;
  await take(scene, bundle);
  const talking = await call(stage);
  await activate(scene);
  await desk.insist('operate', 'Device.X_RELAIS_Restart()', 'Reason=the release may not wait');
  await confirmed(scene, '1.2.0', from);
  const version = await desk.insist('get', 'Device.DeviceInfo.SoftwareVersion', 'Device.LocalAgent.SoftwareVersion');
  const counts = await talking.hangUp();
  const slot = current(scene);
  const boots = desk.told.all().map((line): Line => bootIn(line) ?? {});
  return (records) => [
    {
      name: 'D-3: a release that is forced into a call is tried at once, and the model and the record name it',
      holds:
        slot === 'slots/a' &&
        named(records)[2] === 'relais 1.2.0' &&
        version.length === 2 &&
        version.every((line) => line.endsWith('= relais 1.2.0')),
      found: `${slot}; ${named(records).join(', ')}; ${version.join(', ')}`,
    },
    {
      name: 'M-3: both lives of a new release tell `Boot!` with FirmwareUpdated, the forced one with its reason',
      holds:
        boots.filter((one) => one.FirmwareUpdated === 'true').length >= 2 &&
        boots.some((one) => one.Reason === 'the release may not wait' && one.Cause === 'RemoteReboot'),
      found: JSON.stringify(boots),
    },
    ...checkCall('a call that lives through a new release', counts, {
      ended: endedCalls(records)[1],
      seenWhole: false,
    }),
  ];
}

async function take({ stage }: Scene, bundle: string): Promise<void> {
  await runIn('gw', relais('update', 'take', bundle, '--config', stage.files.box));
}

/** What the box knows of its slots is five seconds old at most: until then it says that there is nothing to activate. */
async function activate({ desk, slots }: Scene): Promise<void> {
  const other = readlinkSync(join(slots.directory, 'current')) === 'slots/a' ? 2 : 1;
  await desk.insist('operate', `Device.DeviceInfo.FirmwareImage.${other}.Activate()`);
}

async function confirmed({ stage, desk }: Scene, version: string, from: number): Promise<void> {
  const says = `the release ${version} is confirmed`;
  await stage.agentLog.until(says, (line) => String(line.msg) === says, PATIENCE_MS, from);
  await desk.insist('get', 'Device.DeviceInfo.SerialNumber');
}

const isTrial = (line: Readonly<Record<string, unknown>>): boolean =>
  String(line.msg).startsWith('a new release is tried');
const current = ({ slots }: Scene): string => readlinkSync(join(slots.directory, 'current'));

/** What the lives of the box called themselves in the record. */
const named = (records: readonly LedgerRecord[]): readonly string[] =>
  records.flatMap(({ event }) => (event.kind === 'booted' ? [event.software] : []));
