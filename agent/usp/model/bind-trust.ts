import { SUPPORT_ROLES } from '../../model/management.ts';
import type { Book } from '../agent/state.ts';
import { type Permission, ROLES } from '../roles.ts';
import { text } from './bind-site.ts';
import { typePath, type Values } from './object-type.ts';

export const TRUST = 'Device.LocalAgent.ControllerTrust.';
const ROLE = `${TRUST}Role.`;

type Placed = readonly [path: string, values: Values];

/** The roles of the software, and how many were made beside them; these stand in the book. */
export function bindTrust({ rows }: Pick<Book, 'rows'>): Readonly<Record<string, Values>> {
  const made = Object.keys(rows).filter((path) => typePath(path) === `${ROLE}{i}.`);
  return {
    [TRUST]: { UntrustedRole: '', RoleNumberOfEntries: text(SUPPORT_ROLES.length + made.length) },
    ...Object.fromEntries(SUPPORT_ROLES.flatMap(roleRows)),
    ...Object.fromEntries(
      made.map((path) => {
        const permissions = Object.keys(rows).filter((row) => row.startsWith(`${path}Permission.`));
        return [path, { PermissionNumberOfEntries: text(permissions.length) }];
      }),
    ),
  };
}

function roleRows(name: (typeof SUPPORT_ROLES)[number], index: number): readonly Placed[] {
  const path = `${ROLE}${index + 1}.`;
  const permissions = ROLES[name].map(
    (permission, at): Placed => [`${path}Permission.${at + 1}.`, permissionRow(permission, at)],
  );
  const number = text(permissions.length);
  return [
    [path, { Alias: `cpe-${name}`, Enable: 'true', Name: name, PermissionNumberOfEntries: number }],
    ...permissions,
  ];
}

const permissionRow = ({ order, targets, parameter, object, row, command }: Permission, index: number): Values => ({
  Alias: `cpe-${index + 1}`,
  Enable: 'true',
  Order: text(order),
  Targets: targets.join(','),
  Param: parameter,
  Obj: object,
  InstantiatedObj: row,
  CommandEvent: command,
});
