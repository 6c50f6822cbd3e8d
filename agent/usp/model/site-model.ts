import type { UspRules, UspState } from '../agent/state.ts';
import { type Controller, controllerPath } from '../controller.ts';
import { may } from '../roles.ts';
import type { Sight } from '../sight.ts';
import { AGENT_OBJECTS } from './agent-objects.ts';
import { bindAgent } from './bind-agent.ts';
import { bindFax } from './bind-fax.ts';
import { bindServices } from './bind-services.ts';
import { bindSite } from './bind-site.ts';
import { FAX_OBJECTS } from './fax-objects.ts';
import { createModel, type Model, withTables } from './model.ts';
import type { ObjectType, Row, Values } from './object-type.ts';
import { isServed, SERVICE_OBJECTS } from './service-objects.ts';
import { SITE_OBJECTS } from './site-objects.ts';

/** Everything that this agent supports, by path. */
export const TYPES: ReadonlyMap<string, ObjectType> = new Map(
  [...SITE_OBJECTS, ...FAX_OBJECTS, ...SERVICE_OBJECTS, ...AGENT_OBJECTS].map((type) => [type.path, type]),
);

/** All that there is: what the agent sees, and over it what controllers set. */
export function siteModel(sight: Sight, state: UspState, rules: UspRules): Model {
  const served = Object.fromEntries(Object.entries(state.book.rows).filter(([path]) => isServed(path)));
  const values: Record<string, Values> = {
    ...bindSite(sight),
    ...bindFax(sight, rules),
    ...bindServices(sight, rules.services, served),
    ...bindAgent(sight, state, rules),
  };
  for (const [path, held] of Object.entries(state.book.rows)) values[path] = { ...values[path], ...held };
  return createModel(TYPES, values);
}

/** What of it one controller may see: where a right is missing it is as if it were not there (TR-369 1.4, R-GET.1). */
export function viewOf(model: Model, controller: Controller): Model {
  const rows = new Map<string, Row>();
  for (const row of model.rows.values()) if (sees(row, controller)) rows.set(row.path, readable(row, controller));
  return withTables(model.types, rows);
}

/** Subscriptions and requests belong to one controller; a client's lines are its own. */
function sees({ type, values }: Row, controller: Controller): boolean {
  const { role, lines } = controller;
  if (type.path.endsWith('.{i}.') && !may(role, 'row', 'r', type.path)) return false;
  const owner = values.Recipient ?? values.Originator;
  if (owner !== undefined && role !== 'support-2' && owner !== controllerPath(controller)) return false;
  const number = values.DirectoryNumber;
  return number === undefined || lines === undefined || lines.includes(number);
}

function readable(row: Row, { role }: Controller): Row {
  const values = Object.entries(row.values).filter(([name]) => may(role, 'parameter', 'r', `${row.type.path}${name}`));
  return { ...row, values: Object.fromEntries(values) };
}
