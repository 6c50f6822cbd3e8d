import type { SupportRole } from '../model/management.ts';
import { covers } from './path/covers.ts';

/** TR-369 1.4, "Permissions": each a string of `rwxn`, a dash where the right is missing. */
export type Permission = {
  /** Inside a role the highest order that meets a path decides. */
  readonly order: number;
  readonly targets: readonly string[];
  readonly parameter: string;
  readonly object: string;
  readonly row: string;
  readonly command: string;
};

type Rights = Pick<Permission, 'parameter' | 'object' | 'row' | 'command'>;
const LOOK: Rights = { parameter: 'r--n', object: 'r--n', row: 'r--n', command: 'r--n' };
const NOTHING: Rights = { parameter: '----', object: '----', row: '----', command: '----' };
const ALL: Rights = { parameter: 'rw-n', object: 'rw-n', row: 'rw-n', command: 'r-xn' };
const RUN: Rights = { ...LOOK, command: 'r-xn' };
const at = (order: number, targets: readonly string[], rights: Rights): Permission => ({ order, targets, ...rights });

const SUBSCRIPTION = 'Device.LocalAgent.Subscription.';
const CREDIT = 'Device.X_RELAIS_Credit.';
const OWN = [SUBSCRIPTION];
const FAX = 'Device.Services.VoiceService.{i}.X_RELAIS_Fax.';
const READ_FAX = `${FAX}Received.{i}.Read()`;
const SEND_FAX = [`${FAX}SendDocument()`, `${FAX}Document.{i}.Put()`, `${FAX}Document.{i}.Withdraw()`];
/** What anybody needs in order to know whom he talks to. */
const SELF = ['Device.LocalAgent.EndpointID', 'Device.DeviceInfo.SerialNumber', 'Device.DeviceInfo.SoftwareVersion'];

/**
 * Who may what. Every role may subscribe, for itself alone; nobody but support sees how the box is connected, and money is
 * for billing and the second level. Level 1 reads and diagnoses, level 2 configures, billing reads usage, a client reads
 * its own lines and sends faxes from them. A fax that came in is read by the client alone: correspondence is secret, to
 * support as well (Code des postes et des communications électroniques, L32-3).
 */
export const ROLES: Readonly<Record<SupportRole, readonly Permission[]>> = {
  'support-1': [
    at(1, ['Device.'], LOOK),
    at(
      2,
      [
        ...[
          'Device.SelfTestDiagnostics()',
          'Device.X_RELAIS_LogTail()',
          'Device.IP.Diagnostics.',
          'Device.DNS.Diagnostics.',
        ],
        ...[
          'Device.LocalAgent.Controller.{i}.ScheduleTimer()',
          'Device.ScheduleTimer()',
          'Device.LocalAgent.Request.{i}.Cancel()',
        ],
      ],
      RUN,
    ),
    at(3, [CREDIT], NOTHING),
    at(4, OWN, ALL),
  ],
  'support-2': [at(1, ['Device.'], ALL), at(2, [READ_FAX], NOTHING)],
  billing: [
    at(1, ['Device.'], NOTHING),
    at(2, [...SELF, CREDIT, 'Device.X_RELAIS_Ledger.', 'Device.Services.'], LOOK),
    at(3, OWN, ALL),
  ],
  client: [
    at(1, ['Device.'], NOTHING),
    at(2, [...SELF, 'Device.Services.', 'Device.X_RELAIS_Reliability.', 'Device.X_RELAIS_LinkQuality.'], LOOK),
    at(3, OWN, ALL),
    at(4, [...SEND_FAX, READ_FAX], RUN),
  ],
};

type Kind = keyof Rights;
type Letter = 'r' | 'w' | 'x' | 'n';
/** As published, with `{i}` for rows, and as it is here: an object with its dot, a parameter, a `Command()`, an `Event!`. */
type Place = { readonly type: string; readonly path: string };
/** Whose rights they are: what the operator signed, and what a role made on the box leaves of it. */
type Whose = { readonly role: SupportRole; readonly trust?: readonly Permission[] | undefined };

/** Whether one may do a thing at a place: as his role says, and then as the role says that was made for him. */
export function may({ role, trust }: Whose, kind: Kind, letter: Letter, place: Place): boolean {
  const key = `${role} ${kind} ${place.type}`;
  const rights = known.get(key) ?? rightsOf(ROLES[role], kind, place.type, isIn);
  if (known.size < MOST_KNOWN) known.set(key, rights);
  if (!rights.includes(letter)) return false;
  if (trust === undefined || (role === 'support-2' && isKey(kind, place.type))) return true;
  return rightsOf(trust, kind, place.path, covers).includes(letter);
}

/** Nobody of the second level can lock the second level out. */
const isKey = (kind: Kind, path: string): boolean =>
  isIn('Device.LocalAgent.ControllerTrust.', path) ||
  path === `${CONTROLLER}AssignedRole` ||
  (kind === 'row' && path === CONTROLLER);
const CONTROLLER = 'Device.LocalAgent.Controller.{i}.';

/** A whole model is asked for each message, and what is published never changes. */
const known = new Map<string, string>();
const MOST_KNOWN = 4_096;

type Meets = (target: string, path: string) => boolean;

function rightsOf(role: readonly Permission[], kind: Kind, path: string, meets: Meets): string {
  const met = role.filter(({ targets }) => targets.some((target) => meets(target, path)));
  const decides = met.toSorted((one, other) => other.order - one.order)[0];
  return decides?.[kind] ?? '';
}

/** A target that is no object means itself alone. */
const isIn: Meets = (target, path) => (target.endsWith('.') ? path.startsWith(target) : path === target);
