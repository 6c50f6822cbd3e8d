/**
 * The agent of a box in a process of its own, to be recorded and cut: its real ledger, checkpoints, device key, clock and
 * MQTT; phones, links and kernel are simulated, for they write no file. Started by hw-sim/bench/cuts/cut-agent.ts.
 *
 *   node boxed-agent.js DIRECTORY CONFIG PORT CALLS kill|sleep SABOTAGE
 */
import { createHash } from 'node:crypto';
import { openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openDayCounts } from '../../agent/edge/day-counts.ts';
import { openDeviceKey } from '../../agent/edge/device-key.ts';
import { createMqttUplink } from '../../agent/edge/mqtt-uplink.ts';
import { openSqliteCheckpoints } from '../../agent/edge/sqlite-checkpoints.ts';
import { openSqliteStore } from '../../agent/edge/sqlite-store.ts';
import { openStartPoint } from '../../agent/edge/start-point-file.ts';
import { SETTINGS, type Setting } from '../../agent/edge/store/settings.ts';
import { systemClock, systemRandom } from '../../agent/edge/system-clock.ts';
import type { Class } from '../../agent/model/destination.ts';
import { topics } from '../../agent/model/messages.ts';
import { RecordSchema } from '../../agent/model/record.ts';
import { SiteConfigSchema } from '../../agent/model/site-config.ts';
import { millis } from '../../agent/model/units.ts';
import type { AgentPorts } from '../../agent/ports/agent-ports.ts';
import type { RecordStore, StoredRecord } from '../../agent/ports/record-store.ts';
import type { VoiceWire } from '../../agent/ports/voice-wire.ts';
import { type Agent, startAgent } from '../../agent/runtime/agent.ts';
import { PROMISES } from '../power-cut/cut-everywhere.ts';
import { createSimRandom } from '../site/sim-random.ts';
import { headerOf, readSip } from '../site/sip-text.ts';
import { callName } from './cuts/published.ts';
import { createSmallWorld, PHONES } from './cuts/small-world.ts';

const [root = '', configFile = '', port = '', calls = '', ending = '', sabotage = ''] = process.argv.slice(2);
const config = SiteConfigSchema.parse(JSON.parse(readFileSync(configFile, 'utf8')));
const outside = openSync(join(root, PROMISES), 'a');
const keptForGood = (record: string, hash: string): void => void writeSync(outside, `kept ${record} ${hash}\n`);
const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
/** As the command of the agent does when the store fails. */
const fatal = (): never => process.exit(75);

/** The settings of the box with one of them broken. */
function settingsFor(word: string): readonly Setting[] {
  const other: Readonly<Record<string, Setting>> = {
    'sync-normal': ['synchronous', 'NORMAL', 1],
    'sync-off': ['synchronous', 'OFF', 0],
  };
  const broken = other[word];
  return SETTINGS.map((setting) => (setting[0] === broken?.[0] ? broken : setting));
}

/** Notes what the store promises to the agent; with the sabotage `early` it promises, and hands out, before the commit. */
function promising(store: RecordStore): RecordStore {
  const early = new Map<number, StoredRecord>();
  const promise = (records: readonly StoredRecord[]): void => {
    for (const { seq, body } of records)
      keptForGood(`${RecordSchema.parse(JSON.parse(body)).epoch}/${seq}`, sha256(body));
  };
  return {
    ...store,
    append(records, done) {
      if (sabotage !== 'early') {
        store.append(records, (kept) => {
          if (kept !== 'no-room') promise(records);
          done(kept);
        });
        return;
      }
      for (const record of records) early.set(record.seq, record);
      store.append(records, () => undefined);
      promise(records);
      done('kept');
    },
    read(from, limit, done) {
      if (sabotage !== 'early') return store.read(from, limit, done);
      done(Array.from({ length: limit }, (_, index) => early.get(from + index)).filter((one) => one !== undefined));
    },
  };
}

/** An INVITE of a paid call that goes out promises that its record is kept (C-3). */
function honest(wire: VoiceWire): VoiceWire {
  return {
    ...wire,
    toNetwork(phone, server, bytes) {
      const sip = readSip(bytes);
      const invited = /^INVITE sip:(\d+)/.exec(sip?.start ?? '')?.[1] ?? '';
      if (sip !== undefined && PAID.some(([, number]) => number === invited))
        keptForGood(callName(headerOf(sip, 'call-id')), 'admitted');
      wire.toNetwork(phone, server, bytes);
    },
  };
}

type Way = readonly [Class, string];
type Ways = readonly [Way, ...Way[]];
const PAID: Ways = [
  ['mobile', '0639980001'],
  ['international-fixed', '00442079460001'],
];
const FREE: Ways = [
  ['geographic', '0199000001'],
  ['emergency', '112'],
];
const OUTGOING: Ways = [...PAID, ...PAID, ...FREE];
const INCOMING: Ways = [['geographic', '+33199000002']];

const clock = systemClock();
const random = systemRandom();
const { world, phones } = createSmallWorld(clock, sabotage, config.voice.sipServers);
const signing = openDeviceKey(join(root, 'device.key'));
const uplink = createMqttUplink(
  {
    ...{ host: '127.0.0.1', port: Number(port), username: 'box', password: 'box', clientId: config.device.id },
    subscribe: topics(config.tenant, config.device.id).allDown,
  },
  clock,
  random,
  () => undefined,
);
const options = { settings: settingsFor(sabotage), reserveBytes: 65_536, logPages: 60 };
const ports: AgentPorts = {
  ...world,
  clock,
  random,
  store: promising(await openSqliteStore(join(root, 'usage.db'), fatal, options)),
  startPoint: openStartPoint(join(root, 'start-point')),
  dayCounts: openDayCounts(join(root, 'uplink-days.json'), () => undefined),
  checkpoints: await openSqliteCheckpoints(join(root, 'checkpoints.db'), fatal),
  signing,
  uplink,
  voice: honest(world.voice),
  journal: { step: () => undefined, fault: () => undefined },
  boot: { id: random.hex(16), software: 'relais boxed', quality: () => 'synced' },
  sha256,
};

const pause = (milliseconds: number): Promise<void> =>
  new Promise((done) => void clock.after(millis(milliseconds), done));

/** One phone after another dials, three calls at a time; some are longer than the credit set aside for them at first. */
async function dial(phone: (typeof PHONES)[number], count: number): Promise<void> {
  const dice = createSimRandom(`${phone}/${sabotage}`);
  for (let index = 0; index < count; index += 1) {
    const direction = dice.chance(0.2) ? 'incoming' : 'outgoing';
    const [kind, far] = dice.pick(direction === 'incoming' ? INCOMING : OUTGOING);
    const answer = dice.chance(0.8) ? 'answers' : 'busy';
    const talk = millis(index % 20 === 19 ? 1_300 : 5 + 20 * dice.fraction());
    const id = `${phone}-${index}`;
    const destiny = { answer, ring: millis(2), talk, hungUpBy: 'caller', patience: millis(3_000) } as const;
    phones.place({ id, direction, phone, far, class: kind, destiny });
    const over = (): boolean => {
      const call = phones.truth().find(({ plan }) => plan.id === id);
      return call?.endedAt !== undefined || call?.refusedWith !== undefined;
    };
    for (let tries = 0; tries < 600 && !over(); tries += 1) await pause(5);
  }
}

const agent = await new Promise<Agent>((ready) => startAgent(config, ports, ready));
// The first leases come before the first call.
await pause(250);
await Promise.all(PHONES.map((phone) => dial(phone, Math.ceil(Number(calls) / PHONES.length))));
await pause(150);
if (ending === 'sleep') {
  await new Promise<void>((asleep) => agent.stop(asleep));
  await new Promise<void>((done) => ports.store.close(done));
  await new Promise<void>((done) => ports.checkpoints.close(done));
}
// As after a kill: nothing more is said to the broker.
process.exit(0);
