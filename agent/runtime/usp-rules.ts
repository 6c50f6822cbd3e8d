import { agentEndpoint, controllerEndpoint, controllerUsername, managementTopics } from '../model/management.ts';
import type { SiteConfig } from '../model/site-config.ts';
import { pathsOf } from '../usp/agent/reading-groups.ts';
import type { UspRules } from '../usp/agent/state.ts';
import { readMessage, type UspRecord } from '../usp/wire/message.ts';

/** What the request of a record names; nothing where it is none. */
export function pathsIn({ noSessionContext }: UspRecord): readonly string[] {
  const request = noSessionContext && readMessage(noSessionContext.payload)?.body?.request;
  return request === undefined ? [] : pathsOf(request);
}

/** Who may manage the device, and on which topics, by what the operator signed. */
export function rulesOf({ tenant, device, controllers }: SiteConfig): UspRules {
  return {
    agent: agentEndpoint(device.id),
    controllers: controllers.map(({ name, role, lines }, index) => {
      const { toAgent, toController, bulk } = managementTopics(tenant, device.id, controllerUsername(name));
      const base = {
        number: index + 1,
        endpoint: controllerEndpoint(name),
        role,
        heardOn: toAgent,
        toldOn: toController,
        bulkOn: bulk,
      };
      return lines === undefined ? base : { ...base, lines };
    }),
  };
}
