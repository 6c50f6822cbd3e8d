import type { ObjectType, ParameterType } from './object-type.ts';
import { kind, settable } from './parameter-kinds.ts';

const { string, count, alias, enable } = kind;
/** Four signs, each a letter of `rwxn` or a dash where the right is missing. */
const rights: ParameterType = { ...settable('----', 4), pattern: /^[r-][w-][x-][n-]$/ };

/** Rows that one role may have: each is looked at for every value that its controller reads. */
const MOST_PERMISSIONS = 32;
const MOST_ROLES = 16;

/** TR-181 2.19.1, `LocalAgent.ControllerTrust.`; names, types and keys as published. */
export const TRUST_OBJECTS: readonly ObjectType[] = [
  { path: 'Device.LocalAgent.ControllerTrust.', parameters: { UntrustedRole: string, RoleNumberOfEntries: count } },
  {
    path: 'Device.LocalAgent.ControllerTrust.Role.{i}.',
    rows: 'add-delete',
    most: MOST_ROLES,
    keys: [['Alias'], ['Name']],
    parameters: {
      ...{ Alias: alias, Enable: enable, Name: settable('', 64), PermissionNumberOfEntries: count },
    },
  },
  {
    path: 'Device.LocalAgent.ControllerTrust.Role.{i}.Permission.{i}.',
    rows: 'add-delete',
    most: MOST_PERMISSIONS,
    keys: [['Alias'], ['Order']],
    parameters: {
      ...{ Alias: alias, Enable: enable, Order: { type: 'unsignedInt', write: 'always' } },
      ...{ Targets: settable('', 1_024), Param: rights, Obj: rights, InstantiatedObj: rights, CommandEvent: rights },
    },
  },
];
