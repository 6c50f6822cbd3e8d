import { maskOf } from '../model/ipv4-networks.ts';
import { dataLanOf, type ServiceSurroundings } from '../model/judge-services.ts';
import type { ManagedServices } from '../model/managed-services.ts';
import type { ServicePart } from '../model/services-changed.ts';
import type { DataPlane } from '../plans/data-plane.ts';
import { dnsmasqPlan } from '../plans/dnsmasq-plan.ts';
import type { ServicesPlane } from '../ports/services-plane.ts';
import type { ServedRules } from './kernel-network.ts';
import type { KernelTools } from './kernel-tools.ts';

/** The server for addresses and names: one process with one file. */
export interface NamesServer {
  readonly leaseFile: string;
  readonly pidFile: string;
  readonly user?: string;
  /** This configuration from now on, or none; resolves when the server hears, throws when it does not take it. */
  serve(configuration: string | undefined): Promise<void>;
  /** Is the file otherwise than it was written? */
  altered(): Promise<boolean>;
  close(): Promise<void>;
}

type Needs = {
  readonly plane: DataPlane;
  readonly lans: Pick<ServiceSurroundings, 'dataLan' | 'voiceLan'>;
  readonly rules: ServedRules;
  readonly ip: Pick<KernelTools['ip'], 'batch' | 'addresses'>;
  readonly names: NamesServer;
};

/** Public addresses of ours on a link: the label tells them from the provider's own. */
const labelOf = (device: string): string => `${device}:r`;
const LONGEST_LABEL = 15;

/** The managed services in the kernel and in dnsmasq. Addresses first: rules and server are about them. */
export function createKernelServices({ plane, lans, rules, ip, names }: Needs): ServicesPlane {
  let wanted: ManagedServices | undefined;

  const install = async (services: ManagedServices): Promise<void> => {
    wanted = services;
    await ip.batch(await addressChanges(services));
    await rules.serve({ services, lan: dataLanOf(services, lans), voiceLan: lans.voiceLan });
    await names.serve(namesOf(services));
  };

  const namesOf = (services: ManagedServices): string | undefined =>
    dnsmasqPlan(services, {
      voiceInterface: plane.voiceInterface,
      dataInterface: plane.dataInterface,
      voiceMask: maskOf(prefixOfNetwork(lans.voiceLan)),
      dataMask: maskOf(prefixOfNetwork(dataLanOf(services, lans))),
      leaseFile: names.leaseFile,
      pidFile: names.pidFile,
      ...(names.user === undefined ? {} : { user: names.user }),
      ...(plane.ipv6 && { ipv6: { ...plane.ipv6, mtu: smallest(plane) } }),
    });

  /** What is missing is added before what is too much is removed. */
  const addressChanges = async ({ lan, publicAddresses }: ManagedServices): Promise<readonly string[]> => {
    const changes: string[] = [];
    if (lan !== undefined) {
      const own = `${lan.address}/${lan.prefix}`;
      const found = (await ip.addresses(plane.dataInterface)).map(({ address, prefix }) => `${address}/${prefix}`);
      if (!found.includes(own)) changes.push(`address add ${own} broadcast + dev ${plane.dataInterface}`);
      for (const other of found.filter((one) => one !== own))
        changes.push(`address del ${other} dev ${plane.dataInterface}`);
    }
    for (const { name, interface: device } of plane.links) {
      const label = labelOf(device).slice(0, LONGEST_LABEL);
      const own = publicAddresses.filter(({ link }) => link === name).map(({ address }) => address);
      const found = (await ip.addresses(device)).filter((one) => one.label === label).map(({ address }) => address);
      for (const one of own.filter((address) => !found.includes(address)))
        changes.push(`address add ${one}/32 dev ${device} label ${label}`);
      for (const one of found.filter((address) => !own.includes(address)))
        changes.push(`address del ${one}/32 dev ${device}`);
    }
    return changes;
  };

  const changed = async (): Promise<readonly ServicePart[]> => {
    if (wanted === undefined) return [];
    const parts: ServicePart[] = [];
    if (await rules.altered()) parts.push('rules');
    if ((await addressChanges(wanted)).length > 0) parts.push('addresses');
    if (await names.altered()) parts.push('names');
    return parts;
  };

  return {
    install(services, done) {
      install(services).then(
        () => done(undefined),
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
      );
    },
    changed(done) {
      changed().then(done, () => done([]));
    },
    close(done) {
      names.close().then(done, done);
    },
  };
}

const ETHERNET = 1_500;

/** What each of the links with IPv6 takes, wherever traffic is led. */
function smallest({ ipv6, links }: DataPlane): number | undefined {
  const sizes = links.filter(({ number }) => ipv6?.links.some((one) => one.number === number));
  const least = Math.min(...sizes.map(({ mtu = ETHERNET }) => mtu));
  return least < ETHERNET ? least : undefined;
}

const prefixOfNetwork = (cidr: string): number => Number(cidr.split('/')[1]);
