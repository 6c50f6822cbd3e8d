import { agentEndpoint, controllerEndpoint, controllerUsername, managementTopics } from '../model/management.ts';
import type { SiteConfig } from '../model/site-config.ts';
import { numberControllers } from '../usp/agent/number-controllers.ts';
import { pathsOf } from '../usp/agent/reading-groups.ts';
import type { Book, UspRules } from '../usp/agent/state.ts';
import { readMessage, type UspRecord } from '../usp/wire/message.ts';

/** What the request of a record names; nothing where it is none. */
export function pathsIn({ noSessionContext }: UspRecord): readonly string[] {
  const request = noSessionContext && readMessage(noSessionContext.payload)?.body?.request;
  return request === undefined ? [] : pathsOf(request);
}

/** Who may manage the device, and on which topics, by what the operator signed; each with the number that it has in the book. */
export function rulesOf(
  { tenant, device, controllers }: SiteConfig,
  kept: Book,
): { readonly rules: UspRules; readonly book: Book } {
  const { numbers, book } = numberControllers(
    controllers.map(({ name }) => controllerEndpoint(name)),
    kept,
  );
  const rules = {
    agent: agentEndpoint(device.id),
    controllers: controllers.map(({ name, role, lines }, index) => {
      const { toAgent, toController, bulk } = managementTopics(tenant, device.id, controllerUsername(name));
      const base = {
        number: numbers[index] ?? index + 1,
        endpoint: controllerEndpoint(name),
        role,
        heardOn: toAgent,
        toldOn: toController,
        bulkOn: bulk,
      };
      return lines === undefined ? base : { ...base, lines };
    }),
  };
  return { rules, book };
}
