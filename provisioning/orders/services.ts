import { judgeServices } from '../../agent/model/judge-services.ts';
import { BoxConfigSchema, type SiteConfig } from '../../agent/model/site-config.ts';
import { surroundingsOf } from '../../agent/model/surroundings-of.ts';
import { FAX_PORTS, UPSTREAM_PORTS } from '../../agent/plans/data-plane.ts';
import type { Problem } from './problem.ts';

/** Where a box that says nothing else has its relay and its probes. */
const relay = BoxConfigSchema.shape.relayPort.parse(undefined);
const probes = BoxConfigSchema.shape.probePort.parse(undefined);

/** M-1: a standard configuration that contradicts itself or its site is not signed. */
export function serviceProblems(config: SiteConfig): readonly Problem[] {
  if (config.services === undefined) return [];
  const around = surroundingsOf(config, { relay, probes, upstream: UPSTREAM_PORTS, fax: FAX_PORTS });
  return judgeServices(config.services, around).map(({ field, remedy }) => {
    const value = field
      .split('.')
      .reduce<unknown>(
        (held, name) => (held as Readonly<Record<string, unknown>> | undefined)?.[name],
        config.services,
      );
    return { field: `services.${field}`, value, remedy };
  });
}
