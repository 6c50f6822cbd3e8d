import type { tunnelPlan } from '../plans/overlay-plan.ts';
import type { RouteEntry, RulePlan } from '../plans/route-plan.ts';
import type { Ipv6Forwarding } from './allow-forwarding.ts';

/** What the device layer must be able to do in the kernel for a data plane. Everything throws Fault `network.refused`. */
export type KernelTools = {
  readonly nft: {
    install(ruleset: string): Promise<void>;
    /** Commands of nft, all of them or none. */
    change(script: string): Promise<void>;
    /** Our table without counters and without what the kernel itself puts into sets. */
    print(): Promise<string>;
    ask(line: string): Promise<string>;
    close(): void;
  };
  readonly ip: {
    batch(lines: readonly string[]): Promise<void>;
    rules(first: number, last: number, wanted: readonly RulePlan[]): Promise<void>;
    routes(table: number, wanted: readonly RouteEntry[]): Promise<void>;
    /** Our tunnels become exactly these (overlay-plan.ts). */
    tunnels(wanted: ReturnType<typeof tunnelPlan>): Promise<void>;
    /** Our devices on which what comes in waits become exactly these, and are up. */
    inward(wanted: readonly string[]): Promise<void>;
    readonly ipv6: Pick<KernelTools['ip'], 'batch' | 'rules' | 'routes'> & {
      /** Routers that announce themselves, by the device that hears them. */
      routers(): Promise<ReadonlyMap<string, string>>;
    };
    /** IPv4 addresses of a device. */
    addresses(device: string): Promise<readonly DeviceAddress[]>;
  };
  readonly tc: {
    install(device: string, lines: readonly string[]): Promise<void>;
    change(lines: readonly string[]): Promise<void>;
    /** Which devices have Ethernet headers, and whether the kernel can queue by flow, and sort what comes in. */
    survey(): Promise<{ readonly framed: ReadonlySet<string>; readonly fair: boolean; readonly inward: boolean }>;
    close(): void;
  };
  /** Turns forwarding on and strict source checks off: replies come in by the link that asked, not by the best route. */
  readonly allowForwarding: (interfaces: readonly string[], ipv6?: Ipv6Forwarding) => Promise<void>;
};

/** An address with its prefix; `label` names those that are ours. */
export type DeviceAddress = { readonly address: string; readonly prefix: number; readonly label: string };
