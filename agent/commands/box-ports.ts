import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { createDevices } from '../../firmware-ts/devices/box-devices.ts';
import { createLineModem } from '../../firmware-ts/devices/line-modem.ts';
import { createModem, type Modem } from '../../firmware-ts/devices/modem.ts';
import { APC_SMART_UPS } from '../../firmware-ts/devices/ups.ts';
import { createDnsmasq } from '../../firmware-ts/net/dnsmasq.ts';
import { readInterfaceCounters } from '../../firmware-ts/net/interface-counters.ts';
import { createIp } from '../../firmware-ts/net/ip.ts';
import { createLinkSwitch } from '../../firmware-ts/net/link-switch.ts';
import { createNft } from '../../firmware-ts/net/nft.ts';
import { createTc } from '../../firmware-ts/net/tc.ts';
import { openReleasePorts } from '../../firmware-ts/update-command.ts';
import { createUpdates } from '../../firmware-ts/updates/box-updates.ts';
import { launcher } from '../../firmware-ts/wires/node/child.ts';
import { createCommands } from '../../firmware-ts/wires/node/commands.ts';
import { dnsmasqFiles } from '../../firmware-ts/wires/node/dnsmasq-files.ts';
import { allowForwarding } from '../edge/allow-forwarding.ts';
import { kernelBoot } from '../edge/boot.ts';
import { openDayCounts } from '../edge/day-counts.ts';
import { openDeviceKey } from '../edge/device-key.ts';
import { openFaxWires } from '../edge/fax-wires.ts';
import { createHttpsPost } from '../edge/https-post.ts';
import { createKernelCounters } from '../edge/kernel-counters.ts';
import { createKernelMedia } from '../edge/kernel-media.ts';
import { createKernelNetwork } from '../edge/kernel-network.ts';
import { createKernelServices } from '../edge/kernel-services.ts';
import { createKernelUnread } from '../edge/kernel-unread.ts';
import { leanMqtt } from '../edge/lean-mqtt.ts';
import { type LoadedConfig, sha256hex } from '../edge/load-config.ts';
import { loadFaxSecrets } from '../edge/load-fax-secrets.ts';
import { createLogJournal } from '../edge/log-journal.ts';
import { createMqttUplink } from '../edge/mqtt-uplink.ts';
import { openPhoneBook } from '../edge/phone-book.ts';
import { openSecureRoad } from '../edge/secure-road.ts';
import { createSipRelay } from '../edge/sip-relay.ts';
import { createSipStreamRelay } from '../edge/sip-stream-relay.ts';
import { softwareName } from '../edge/software.ts';
import { openSqliteCheckpoints } from '../edge/sqlite-checkpoints.ts';
import { openSqliteStore } from '../edge/sqlite-store.ts';
import { createStallWatch } from '../edge/stall-watch.ts';
import { createStampProbes, heartbeatMac } from '../edge/stamp-probes.ts';
import { openStartPoint } from '../edge/start-point-file.ts';
import { openSwapJournal, SWAP_JOURNAL_FILE } from '../edge/swap-journal-file.ts';
import { systemClock, systemRandom } from '../edge/system-clock.ts';
import { joinWires } from '../edge/voice-wires.ts';
import { Fault, isFault } from '../model/fault.ts';
import { cookieOf, hexOf } from '../model/heartbeat.ts';
import { managementOf } from '../model/management.ts';
import { topics } from '../model/messages.ts';
import { seconds } from '../model/units.ts';
import { planeOf, relayServersOf } from '../plans/plane-of.ts';
import type { AgentPorts, SimPorts } from '../ports/agent-ports.ts';
import type { Clock } from '../ports/clock.ts';
import type { Devices } from '../ports/devices.ts';
import type { FaxWires } from '../ports/fax-wires.ts';
import { openFaxModem } from './fax-modem-port.ts';
import { openFront } from './front-ports.ts';
import { openBus } from './open-bus.ts';
import { simPortsOf } from './sim-ports.ts';
import { supportPortsOf } from './support-ports.ts';

/** In the state directory of the box, beside the ledger. */
export const CHECKPOINTS_FILE = 'checkpoints.db';
export const START_POINT_FILE = 'start-point';
/** What controllers set and subscribed to. */
const SUPPORT_FILE = 'support.json';
/** What is committed of the managed services, and what is tried. */
const SERVICES_FILE = 'services.json';
export const DEVICE_KEY_FILE = 'device.key';
/** Short messages that came, and what is under way (S-11). */
export const SMS_BOOK_FILE = 'sms.json';
/** PEM of the roots that servers of profiles are under; without it none is believed. */
const PROFILE_ROOTS_FILE = 'profile-roots.pem';

/** Joins the agent's ports to the kernel, the network and the devices of this box. */
export async function openBoxPorts(
  loaded: LoadedConfig,
  log: Logger,
  fatal: (fault: Fault) => void,
): Promise<AgentPorts> {
  const { box, site, secret, beatSecret } = loaded;
  leanMqtt();
  const clock = systemClock();
  const random = systemRandom();
  const fault = (what: string) => (error: Error) => log.warn({ error: error.message }, what);
  const startPoint = openStartPoint(join(box.stateDirectory, START_POINT_FILE));
  // What the medium does wrong once, the next start looks for everywhere.
  const broken = (error: Fault): void => {
    startPoint.forget();
    fatal(error);
  };
  const store = await openSqliteStore(join(box.stateDirectory, 'usage.db'), broken, {
    check: startPoint.read() === undefined ? 'whole' : 'later',
  });
  const checkpoints = await openSqliteCheckpoints(join(box.stateDirectory, CHECKPOINTS_FILE), fatal, (where) =>
    log.error({ where }, 'the checkpoints were damaged and are set aside; the tree is computed anew from the ledger'),
  );
  const commands = createCommands(seconds(5));
  const mac = beatSecret === undefined ? undefined : heartbeatMac(beatSecret);
  const plane = planeOf(site, box, mac && ((link) => hexOf(cookieOf(link, mac))));
  const tools = {
    nft: createNft(commands, clock),
    ip: createIp(commands),
    tc: createTc(commands, clock),
    allowForwarding,
  };
  const sipServers = relayServersOf(site, box.relayPort);
  const boot = {
    ...kernelBoot(softwareName()),
    reboot: () => void commands.run('systemctl', ['reboot']).catch(fault('the box could not be started anew')),
  };
  const secure = openSecureRoad(site, box, clock, boot);
  const network = createKernelNetwork(
    plane,
    tools,
    fault('the overlay is not used: voice leaves by the links themselves, as without it'),
  );
  const files = dnsmasqFiles(box.stateDirectory);
  const names = createDnsmasq({
    ...{ files, commands, clock },
    launch: launcher('dnsmasq', [`--conf-file=${files.configuration}`]),
  });
  const lans = { dataLan: site.lans.data, voiceLan: site.lans.voice };
  const served = createKernelServices({ ...{ plane, lans, rules: network, ip: tools.ip, names } });
  const fax = openFax(loaded, log, fault('a socket of a fax call failed'), plane.overlay?.tunnels[0]?.interface);
  const front = await openFront(loaded, { clock, log, software: boot.software });
  const radio = box.devices.modem && createModem(await openModem(box.devices.modem), clock);
  return {
    clock,
    random,
    store,
    startPoint,
    checkpoints,
    signing: openDeviceKey(join(box.stateDirectory, DEVICE_KEY_FILE), (setAside) => {
      // At the first start of a box there is no ledger yet, and nothing to tell.
      if (setAside === undefined && store.state().epoch === undefined) return;
      log.error({ setAside }, 'the key of this box was lost and is made anew; the central countersigns nothing by it');
    }),
    uplink: createMqttUplink(
      {
        ...{ host: site.central.host, port: site.central.port, username: site.central.username },
        ...(secure ? { secure } : { password: secret }),
        clientId: site.device.id,
        subscribe: topics(site.tenant, site.device.id).allDown,
        management: managementOf(site),
      },
      clock,
      random,
      fault('the broker could not be reached'),
    ),
    supportBook: openStartPoint(join(box.stateDirectory, SUPPORT_FILE)),
    dayCounts: openDayCounts(
      join(box.stateDirectory, 'uplink-days.json'),
      fault('the bytes of the day could not be written down'),
    ),
    counters: createKernelCounters(plane.links, () => readInterfaceCounters(commands)),
    network,
    services: {
      plane: served,
      journal: openSwapJournal(join(box.stateDirectory, SERVICES_FILE)),
      ports: { relay: box.relayPort, probes: box.probePort },
    },
    probes: createStampProbes(
      plane.links.map(({ name, number, probePort }) => ({ name, number, port: probePort })),
      {
        reflector: site.failover.reflector,
        asker: { device: site.device.id, mac, hello: plane.overlay !== undefined },
      },
      clock,
      fault('probes could not be sent'),
    ),
    voice: joinWires(
      createSipRelay(
        sipServers,
        openPhoneBook(join(box.stateDirectory, 'phones.json'), fault('the phone book could not be written')),
        createStallWatch(clock),
        fault('the SIP relay failed'),
      ),
      createSipStreamRelay(sipServers, fault('SIP over TCP')),
    ),
    media: createKernelMedia(plane, tools.nft, fault('RTCP is not copied: the quality of calls is told by counters')),
    unread: createKernelUnread(tools.nft),
    devices: await openDevices(box, clock, radio),
    sim: radio && simPorts(radio, box),
    lineModem: radio && createLineModem(radio),
    journal: createLogJournal(log),
    boot,
    sha256: sha256hex,
    faxModem: await openFaxModem(loaded),
    fax,
    faxSpool: fax && (await openSpool(loaded, fax, { clock, log })),
    identity: secure?.identity,
    ...supportPortsOf({ plane, stateDirectory: box.stateDirectory, radio, lamps: front.lamps?.shown }),
    updates: box.updates && createUpdates(openReleasePorts(box)),
    ...front,
    links: createLinkSwitch(plane.links, commands, network.mend),
  };
}

/** Fax lines whose secrets can't be read are not used, and said so: calls of phones must not wait for them. */
function openFax(
  { site, box }: LoadedConfig,
  log: Logger,
  fault: (error: Error) => void,
  tunnel: string | undefined,
): FaxWires | undefined {
  if (site.fax === undefined) return undefined;
  try {
    if (box.faxSecrets === undefined) {
      const remedy = 'name the file with the SIP passwords of the fax lines in the configuration of the box';
      throw new Fault('config.refused', { field: 'faxSecrets', remedy });
    }
    const passwords = loadFaxSecrets(
      box.faxSecrets,
      site.fax.lines.map(({ number }) => number),
    );
    const main = site.links.find(({ role }) => role === 'main') ?? site.links[0];
    return openFaxWires(passwords, tunnel ?? box.interfaces.links[main?.name ?? ''] ?? '', fault);
  } catch (error) {
    if (!isFault(error)) throw error;
    log.error({ ...error.context, code: error.code }, 'the fax lines are not used');
    return undefined;
  }
}

/** Spool and mail take eleven megabytes: a site without fax lines does not load them. */
async function openSpool(loaded: LoadedConfig, fax: FaxWires, around: { readonly clock: Clock; readonly log: Logger }) {
  const { openFaxSpoolPort } = await import('./fax-spool-port.ts');
  return openFaxSpoolPort(loaded, fax.passwords.get('smtp'), around);
}

/** Only what is there is loaded: the packages of the wires take fifteen megabytes. */
async function openDevices({ devices }: Box, clock: Clock, radio: Modem | undefined): Promise<Devices> {
  const { ups, inventory } = devices;
  return createDevices({
    clock,
    radio,
    ups: ups && { bus: await openBus(ups), unit: ups.unit, registers: APC_SMART_UPS },
    lan: inventory && (await import('../../firmware-ts/wires/node/ssdp.ts')).ssdpOn(inventory.address),
  });
}

/** S-1: profiles are told to their servers under the roots that are installed. */
function simPorts(radio: Modem, { stateDirectory }: Box): SimPorts {
  const roots = join(stateDirectory, PROFILE_ROOTS_FILE);
  return simPortsOf(radio, {
    https: createHttpsPost({ roots: existsSync(roots) ? [readFileSync(roots, 'utf8')] : [], patience: seconds(60) }),
    journal: openSwapJournal(join(stateDirectory, SWAP_JOURNAL_FILE)),
    smsBook: openSwapJournal(join(stateDirectory, SMS_BOOK_FILE)),
  });
}

type Box = LoadedConfig['box'];
type Wires = Box['devices'];

const openModem = async ({ path, baudRate }: NonNullable<Wires['modem']>) =>
  (await import('../../firmware-ts/wires/node/serial-line.ts')).serialPath(path, baudRate);

/** Stops what the ports hold open. SIP goes straight from here on, the rest of the data plane stands by itself. */
export async function closeBoxPorts(ports: AgentPorts, asleep: Promise<void>): Promise<void> {
  await new Promise<void>((done) => ports.network.relay(false, () => done()));
  // The last checkpoint is signed while SIP goes straight already.
  await asleep;
  ports.voice.close();
  ports.media.close();
  ports.probes.close();
  ports.devices.close();
  ports.lamps?.close();
  ports.network.close();
  await new Promise<void>((done) => (ports.faxModem ? ports.faxModem.close(done) : done()));
  await new Promise<void>((done) => (ports.services ? ports.services.plane.close(done) : done()));
  await new Promise<void>((done) => ports.uplink.close(done));
  await new Promise<void>((done) => ports.store.close(done));
  await new Promise<void>((done) => ports.checkpoints.close(done));
}
