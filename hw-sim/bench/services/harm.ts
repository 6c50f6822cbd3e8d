import { maskOf, networkOf } from '../../../agent/model/ipv4-networks.ts';
import type { ServiceSurroundings } from '../../../agent/model/judge-services.ts';
import { type ManagedServices, ManagedServicesSchema } from '../../../agent/model/managed-services.ts';
import type { SiteConfig } from '../../../agent/model/site-config.ts';
import { type Millis, millis, seconds } from '../../../agent/model/units.ts';
import { dataInterface } from '../../../agent/usp/model/service-rows.ts';
import type { RequestDraft } from '../../../agent/usp/wire/message.ts';
import { createSimClock, type SimClock } from '../../site/sim-clock.ts';
import { createSimRandom, type SimRandom } from '../../site/sim-random.ts';
import { createSimServices, type SimServices } from '../../site/sim-services.ts';
import { type Answer, createUspLife, SECOND_LEVEL, type UspLife } from './usp-life.ts';

export type Harmed = {
  readonly harm: string;
  /** From the order of the change until a Get is answered again, and says that nothing is on its way; undefined: not within 200 s. */
  readonly recoveredAfter: Millis | undefined;
  readonly endedWith: 'before' | 'something else';
};

/** The site of these runs knows its broker by name and its gateways not at all: what harms passes every check. */
const surprise = (dice: SimRandom): Path => ({
  broker: `10.${byte(dice)}.${byte(dice)}.${1 + Math.floor(dice.fraction() * 250)}`,
  gateways: [`100.64.${byte(dice)}.${1 + Math.floor(dice.fraction() * 250)}`, `172.20.${byte(dice)}.1`],
});
const byte = (dice: SimRandom): number => Math.floor(dice.fraction() * 256);
type Path = { readonly broker: string; readonly gateways: readonly string[] };

export const HARMS = [
  'lan holds the broker',
  'lan holds a gateway',
  'address of the broker',
  'address of a gateway',
  'harmful among harmless',
  'nobody confirms',
  'kernel refuses',
] as const;
type Harm = (typeof HARMS)[number];

const STEP = seconds(2);
const LONGEST = seconds(200);
/** Nothing more happens to a site that stood so long. */
const STANDS = seconds(20);
const BEFORE: ManagedServices = ManagedServicesSchema.parse({ lan: { address: '192.168.20.1', prefix: 24 } });

/**
 * One harmful change by a record of USP, in simulated time: a site as it was, a message of a controller of level 2 that
 * passes all checks and cuts the path or is never confirmed, in half of the runs with a power cut at a random moment of the
 * way, in a third with a controller that says `Confirm()` blindly all the while.
 */
export function harmOnce(config: SiteConfig, seed: number): Harmed {
  const dice = createSimRandom(`harm/${seed}`);
  const harm = HARMS[seed % HARMS.length] ?? 'nobody confirms';
  const path = surprise(dice);
  const clock = createSimClock(millis(Date.UTC(2026, 10, 22)));
  const world = createSimServices(clock, path);
  const site: SiteConfig = {
    ...config,
    services: BEFORE,
    controllers: [SECOND_LEVEL],
    links: config.links.map(({ gateway: _, ...link }) => link),
    central: { ...config.central, host: 'broker.example' },
  };
  const life = createUspLife({ site, services: world, clock, dice });
  clock.advance(seconds(10));
  if (harm === 'kernel refuses') world.refuse(1 + Math.floor(dice.fraction() * 8));
  const refused = whyRefused(life.ask(requestOf(harm, { path, around: life.desk().around, dice })));
  if (refused !== undefined) throw new Error(`seed ${seed}: ${harm} was refused already: ${refused}`);
  const cutAt = dice.fraction() < 0.5 ? Math.floor(dice.fraction() * seconds(110)) : undefined;
  // Of the harms that leave the path alone a word would be an honest one.
  const blindly = harm !== 'nobody confirms' && harm !== 'kernel refuses' && dice.fraction() < 0.33;
  const recoveredAfter = recover({ life, clock, world }, cutAt, blindly);
  const same = JSON.stringify(world.installed()) === JSON.stringify(BEFORE);
  return { harm, recoveredAfter, endedWith: same ? 'before' : 'something else' };
}

type Site = { readonly life: UspLife; readonly clock: SimClock; readonly world: SimServices };

function recover({ life, clock, world }: Site, cutAt: number | undefined, blindly: boolean): Millis | undefined {
  const began = clock.mono();
  let cut = false;
  let recoveredAfter: Millis | undefined;
  const passed = (): number => clock.mono() - began;
  const stood = (): boolean => recoveredAfter !== undefined && passed() - recoveredAfter >= STANDS;
  while (passed() < LONGEST && !(stood() && (cutAt === undefined || cut))) {
    clock.advance(STEP);
    if (blindly) life.ask(operate('Confirm()', { Change: '1' }));
    if (cutAt !== undefined && !cut && passed() >= cutAt) {
      cut = true;
      life.powerCut();
    }
    // The controller's own view: what no answer says has not recovered.
    const over = world.pathStands() && stateIn(life.ask({ get: { paramPaths: [STATE] } })) === 'Committed';
    recoveredAfter = over ? (recoveredAfter ?? millis(passed())) : undefined;
  }
  return recoveredAfter;
}

const SERVICES = 'Device.X_RELAIS_Services.';
const STATE = `${SERVICES}State`;
const stateIn = (answer: Answer | undefined): string | undefined =>
  answer?.response?.getResp?.reqPathResults[0]?.resolvedPathResults[0]?.resultParams.State;
const operate = (command: string, inputArgs: Readonly<Record<string, string>>): RequestDraft => ({
  operate: { command: `${SERVICES}${command}`, sendResp: true, inputArgs },
});

function whyRefused(answer: Answer | undefined): string | undefined {
  if (answer === undefined) return 'no answer';
  const { addResp, setResp } = answer.response ?? {};
  const results = [...(addResp?.createdObjResults ?? []), ...(setResp?.updatedObjResults ?? [])];
  if (answer.error !== undefined || results.length === 0) return JSON.stringify(answer);
  const failed = results.find(({ operStatus }) => operStatus?.operFailure !== undefined);
  return failed && JSON.stringify(failed);
}

const settings = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).map(([param, value]) => ({ param, value, required: true }));

type Around = { readonly path: Path; readonly around: ServiceSurroundings; readonly dice: SimRandom };

function requestOf(harm: Harm, { path, around, dice }: Around): RequestDraft {
  const gateway = path.gateways[Math.floor(dice.fraction() * path.gateways.length)] ?? '';
  const lan = (address: string): RequestDraft => {
    const prefix = 20 + Math.floor(dice.fraction() * 5);
    const network = networkOf(address, prefix).split('/')[0] ?? '';
    const values = { IPAddress: network.replace(/\d+$/, '254'), SubnetMask: maskOf(prefix) };
    const objPath = `${dataInterface(around)}.IPv4Address.1.`;
    return { set: { updateObjs: [{ objPath, paramSettings: settings(values) }] } };
  };
  const given = (IPAddress: string, ...beside: readonly object[]): RequestDraft => {
    const values = { Enable: 'true', IPAddress, SubnetMask: maskOf(32), X_RELAIS_Host: '192.168.20.9' };
    const own = { objPath: 'Device.IP.Interface.1.IPv4Address.', paramSettings: settings(values) };
    return { add: { createObjs: [...beside, own] } };
  };
  const open = { objPath: 'Device.Firewall.DMZ.', paramSettings: settings({ Enable: 'true', DestIP: '192.168.20.9' }) };
  const changes: Readonly<Record<Harm, () => RequestDraft>> = {
    'lan holds the broker': () => lan(path.broker),
    'lan holds a gateway': () => lan(gateway),
    'address of the broker': () => given(path.broker),
    'address of a gateway': () => given(gateway),
    'harmful among harmless': () =>
      given(path.broker, {
        ...open,
        objPath: 'Device.DNS.Relay.Forwarding.',
        paramSettings: settings({ Enable: 'true', DNSServer: '198.18.0.53' }),
      }),
    'nobody confirms': () => ({ add: { createObjs: [open] } }),
    'kernel refuses': () => ({ add: { createObjs: [open] } }),
  };
  return changes[harm]();
}
