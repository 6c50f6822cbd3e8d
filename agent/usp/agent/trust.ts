import { SUPPORT_ROLES } from '../../model/management.ts';
import { type Controller, controllerPath } from '../controller.ts';
import { TRUST } from '../model/bind-trust.ts';
import type { Row, Values } from '../model/object-type.ts';
import type { Permission } from '../roles.ts';
import type { Book, UspRules } from './state.ts';

/**
 * TR-369 1.4, "Role Based Access Control", as far as a box may decide it: what the operator signed is the most that a
 * controller has; a role made on the box and assigned to it takes of that what it does not grant (M-6, D-3).
 */
export function withTrust(rules: UspRules, { rows }: Pick<Book, 'rows'>): UspRules {
  if (!rules.controllers.some((one) => assignedIn(rows, one) !== undefined)) return rules;
  const controllers = rules.controllers.map((one) => {
    const role = assignedIn(rows, one);
    return role === undefined ? one : { ...one, trust: permissionsOf(rows, role) };
  });
  return { ...rules, controllers };
}

/** The role made on the box that a controller has; nothing where it has what was signed. */
function assignedIn(rows: Book['rows'], controller: Controller): string | undefined {
  const role = rows[`${controllerPath(controller)}.`]?.AssignedRole ?? '';
  return role === '' || isSigned(role) ? undefined : `${role}.`;
}

/** A role that is not enabled grants nothing. */
function permissionsOf(rows: Book['rows'], role: string): readonly Permission[] {
  if (rows[role]?.Enable !== 'true') return [];
  return Object.entries(rows).flatMap(([path, values]) =>
    path.startsWith(`${role}Permission.`) && values.Enable === 'true' ? [permissionOf(values)] : [],
  );
}

const permissionOf = ({ Order, Targets = '', Param, Obj, InstantiatedObj, CommandEvent }: Values): Permission => ({
  order: Number(Order ?? 0),
  targets: Targets.split(',').map((one) => one.trim()),
  ...{ parameter: Param ?? '', object: Obj ?? '', row: InstantiatedObj ?? '', command: CommandEvent ?? '' },
});

/** Of the software: a row that no controller made. */
export const isSoftware = (book: Book, { path }: Pick<Row, 'path'>): boolean =>
  path.startsWith(TRUST) && path !== TRUST && book.rows[path] === undefined;

export const isAssigned = ({ rows }: Book, { path }: Pick<Row, 'path'>): boolean =>
  path.startsWith(TRUST) && Object.values(rows).some(({ AssignedRole }) => `${AssignedRole}.` === path);

const isSigned = (role: string): boolean => SUPPORT_ROLES.some((_, index) => role === `${TRUST}Role.${index + 1}`);

/** What a controller may be assigned: what was signed for it, or a role that was made here. */
export function mayHave(book: Book, controllers: readonly Controller[], row: string, role: string): boolean {
  const whom = controllers.find((one) => `${controllerPath(one)}.` === row);
  if (whom === undefined) return false;
  if (role === `${TRUST}Role.${SUPPORT_ROLES.indexOf(whom.role) + 1}`) return true;
  return !isSigned(role) && /Role\.\d+$/.test(role) && book.rows[`${role}.`] !== undefined;
}
