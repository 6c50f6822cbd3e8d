import { z } from 'zod';

/** What a controller may do (TR-369 1.4, ControllerTrust): docs/usp.md says what each role reads and changes. */
export const SUPPORT_ROLES = ['support-1', 'support-2', 'billing', 'client'] as const;
export type SupportRole = (typeof SUPPORT_ROLES)[number];

const e164 = z.string().regex(/^\+[1-9]\d{3,14}$/, 'a number in E.164 form such as +33123456789');

/** One who may manage the device over the broker: a person or a program, by a name of its own (M-6). */
export const ControllerSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'lower-case letters, digits and dashes, starting with a letter'),
  role: z.enum(SUPPORT_ROLES),
  /** Of a client: the lines that it may see; absent: all of the site. */
  lines: z.array(e164).min(1).max(1_000).optional(),
});

/** With a dot, which no device's name can have: the name of a controller at the broker. */
export const controllerUsername = (name: string): string => `support.${name}`;

/** TR-369 1.4, "Endpoint Identifier": `self`, until there is a registered OUI. */
export const agentEndpoint = (device: string): string => `self::${device}`;
export const controllerEndpoint = (name: string): string => `self::${controllerUsername(name)}`;

type ManagementTopics = { readonly toAgent: string; readonly toController: string; readonly bulk: string };

/**
 * Where records of USP travel between one device and one controller: the device reads `toAgent` and that controller alone
 * writes it, so that the topic proves who speaks (TR-369 1.4, R-SEC.4a); `bulk` are statistics that the controller asked for (Annex A). The levels are the names that the broker knows.
 */
export function managementTopics(tenant: string, device: string, username: string): ManagementTopics {
  const base = `usp/v1/${tenant}`;
  return {
    toAgent: `${base}/agent/${device}/${username}`,
    toController: `${base}/controller/${username}/${device}`,
    bulk: `${base}/bulk/${username}/${device}`,
  };
}

type Managed = {
  readonly tenant: string;
  readonly device: { readonly id: string };
  readonly controllers: readonly { readonly name: string }[];
};

/** The name of a device's agent, and where it hears its controllers: each topic by its full name (D-3). */
export const managementOf = ({
  tenant,
  device,
  controllers,
}: Managed): { readonly endpoint: string; readonly topics: readonly string[] } => ({
  endpoint: agentEndpoint(device.id),
  topics: controllers.map(({ name }) => managementTopics(tenant, device.id, controllerUsername(name)).toAgent),
});
