import type { UspRules, UspState } from '../agent/state.ts';
import { type Controller, controllerPath } from '../controller.ts';
import { may } from '../roles.ts';
import type { Sight } from '../sight.ts';
import { AGENT_OBJECTS } from './agent-objects.ts';
import { bindAgent } from './bind-agent.ts';
import { bindBulk } from './bind-bulk.ts';
import { bindDiagnostics } from './bind-diagnostics.ts';
import { bindFaults } from './bind-faults.ts';
import { bindFax } from './bind-fax.ts';
import { bindHardware } from './bind-hardware.ts';
import { bindMobile } from './bind-mobile.ts';
import { bindServices } from './bind-services.ts';
import { bindSite } from './bind-site.ts';
import { bindVoice } from './bind-voice.ts';
import { BULK_OBJECTS } from './bulk-objects.ts';
import { DIAGNOSTIC_OBJECTS } from './diagnostic-objects.ts';
import { FAULT_OBJECTS } from './fault-objects.ts';
import { FAX_OBJECTS } from './fax-objects.ts';
import { HARDWARE_OBJECTS } from './hardware-objects.ts';
import { MOBILE_OBJECTS } from './mobile-objects.ts';
import { createModel, type Model, withTables } from './model.ts';
import type { ObjectType, Row, Values } from './object-type.ts';
import { isServed, SERVICE_OBJECTS } from './service-objects.ts';
import { SITE_OBJECTS } from './site-objects.ts';
import { TRUST_OBJECTS } from './trust-objects.ts';
import { VOICE_OBJECTS } from './voice-objects.ts';

/** Everything that this agent supports, by path. */
export const TYPES: ReadonlyMap<string, ObjectType> = new Map(
  [
    ...[...SITE_OBJECTS, ...HARDWARE_OBJECTS, ...MOBILE_OBJECTS, ...VOICE_OBJECTS, ...FAX_OBJECTS, ...FAULT_OBJECTS],
    ...[...DIAGNOSTIC_OBJECTS, ...BULK_OBJECTS, ...SERVICE_OBJECTS, ...AGENT_OBJECTS, ...TRUST_OBJECTS],
  ].map((type) => [type.path, type]),
);

/**
 * All that there is: what the agent sees, and over it what controllers set. `only`: of what these paths lead to, since the
 * whole is made for a single message.
 */
export function siteModel(sight: Sight, state: UspState, rules: UspRules, only?: readonly string[]): Model {
  const parts = only && partsOf(only);
  const served = Object.fromEntries(Object.entries(state.book.rows).filter(([path]) => isServed(path)));
  const values: Record<string, Values> = {};
  const layers = [
    ...[bindSite(sight), bindHardware(sight), bindMobile(sight), bindVoice(sight), bindFax(sight, rules)],
    ...[bindDiagnostics(), bindServices(sight, rules.services, served), bindFaults(sight, state.book.alarms)],
    ...[bindAgent(sight, state, rules), bindBulk(state.book, rules), state.book.rows],
  ];
  for (const layer of layers)
    for (const [path, held] of Object.entries(layer))
      if (parts === undefined || isIn(path, parts)) values[path] = { ...values[path], ...held };
  return createModel(TYPES, values);
}

/** `Device.IP.` and its like; nothing where references may lead anywhere, or the root is meant. */
function partsOf(paths: readonly string[]): ReadonlySet<string> | undefined {
  const parts = paths.map((path) => /^Device\.[A-Za-z_][A-Za-z0-9_]*\./.exec(path)?.[0]);
  if (parts.includes(undefined) || paths.some((path) => path.includes('+'))) return undefined;
  return new Set(parts.flatMap((part) => part ?? []));
}

const isIn = (path: string, parts: ReadonlySet<string>): boolean =>
  path === 'Device.' || parts.has(path.slice(0, path.indexOf('.', ROOT) + 1));
const ROOT = 'Device.'.length;

/** What of it one controller may see: where a right is missing it is as if it were not there (TR-369 1.4, R-GET.1). */
export function viewOf(model: Model, controller: Controller): Model {
  const rows = new Map<string, Row>();
  const hidden = [...model.rows.values()].flatMap((row) => (sees(model, row, controller) ? [] : [row.path]));
  for (const row of model.rows.values()) {
    if (hidden.some((path) => row.path.startsWith(path))) continue;
    rows.set(row.path, readable(row, controller));
  }
  return withTables(model.types, rows);
}

/** Subscriptions, requests and profiles belong to one controller; a client's lines are its own, with all that is below them. */
function sees(model: Model, { type, path, values }: Row, controller: Controller): boolean {
  const { role, lines } = controller;
  if (type.path.endsWith('.{i}.') && !may(controller, 'row', 'r', { type: type.path, path })) return false;
  const owner = values.Recipient ?? values.Originator ?? values.Controller;
  if (owner !== undefined && role !== 'support-2' && owner !== controllerPath(controller)) return false;
  const { UsedLine } = values;
  const number = UsedLine === undefined ? values.DirectoryNumber : numberAt(model, UsedLine);
  return number === undefined || lines === undefined || lines.includes(number);
}

const numberAt = ({ rows }: Model, line: string): string => rows.get(`${line}.`)?.values.DirectoryNumber ?? '';

function readable(row: Row, controller: Controller): Row {
  const values = Object.entries(row.values).filter(([name]) =>
    may(controller, 'parameter', 'r', { type: `${row.type.path}${name}`, path: `${row.path}${name}` }),
  );
  return { ...row, values: Object.fromEntries(values) };
}
