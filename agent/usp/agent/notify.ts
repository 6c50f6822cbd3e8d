import { type Controller, controllerPath } from '../controller.ts';
import { SUBSCRIPTIONS } from '../model/bind-agent.ts';
import { typePath, type Values } from '../model/object-type.ts';
import { covers } from '../path/covers.ts';
import { may } from '../roles.ts';
import type { Sight } from '../sight.ts';
import type { Notify } from '../wire/message.ts';
import type { Notice, Step, UspEffect, UspRules, UspState } from './state.ts';

/** Notifications that may wait for answers: beyond, the oldest is given up. */
const MOST_NOTICES = 100;
/** TR-369 1.4, R-NOT.2: from the tenth on the pause grows no more. */
const LAST_GROWTH = 10;
const SECOND = 1_000;

export type Now = { readonly sight: Sight; readonly chance: number };
type Told = Omit<Notify, 'subscriptionId' | 'sendResp'>;

/** Something happened at a path: an event, a command that ended, a row that came or went. */
export type Happening = {
  readonly type: 'Event' | 'OperationComplete' | 'ObjectCreation' | 'ObjectDeletion';
  /** Where subscriptions look for it: `Device.Boot!`, `Device.SelfTestDiagnostics()`, `Device.LocalAgent.Subscription.3.`. */
  readonly path: string;
  /** Only this controller hears of it. */
  readonly only?: number;
  /** Not to be written down while it waits for its answer. */
  readonly secret?: boolean;
  readonly told: Told;
};

/** Tells every subscription that looks at that path. */
export function happen(state: UspState, happening: Happening, rules: UspRules, now: Now): Step {
  let next = state;
  const effects: UspEffect[] = [];
  for (const subscription of subscriptionsOf(state, rules)) {
    const { values, controller } = subscription;
    if (values.NotifType !== happening.type || (happening.only ?? controller.number) !== controller.number) continue;
    if (!references(values).some((one) => covers(one, happening.path)) || !mayHear(controller, happening)) continue;
    const receiver = happening.secret ? { ...subscription, values: { ...values, Persistent: 'false' } } : subscription;
    const [after, told] = tell(next, receiver, happening.told, now);
    next = after;
    effects.push(...told);
  }
  return [next, effects];
}

export type Subscription = { readonly path: string; readonly values: Values; readonly controller: Controller };

/** Those that are in force, each with the controller that it belongs to. */
export const subscriptionsOf = ({ book }: UspState, { controllers }: UspRules): readonly Subscription[] =>
  Object.entries(book.rows).flatMap(([path, values]) => {
    if (!path.startsWith(SUBSCRIPTIONS) || values.Enable !== 'true') return [];
    const controller = controllers.find((one) => controllerPath(one) === values.Recipient);
    return controller === undefined ? [] : [{ path, values, controller }];
  });

export const references = ({ ReferenceList = '' }: Values): readonly string[] =>
  ReferenceList.split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');

/** TR-181, `Permission.{i}.`: that a row came is a right on its table, that it went a right on the row. */
function mayHear(controller: Controller, { type, path }: Happening): boolean {
  const place = { type: typePath(path), path };
  switch (type) {
    case 'Event':
    case 'OperationComplete':
      return may(controller, 'command', 'n', place);
    case 'ObjectCreation':
      return may(controller, 'object', 'n', place);
    case 'ObjectDeletion':
      return may(controller, 'row', 'n', place);
  }
}

/**
 * Sends a notification; where it is to be answered it is repeated until it is. A subscription that changes the configuration
 * (TR-181, `TriggerAction`) is noted for it.
 */
export function tell(
  state: UspState,
  { values, controller, path }: Subscription,
  told: Told,
  { sight, chance }: Now,
): Step {
  const { TriggerAction = 'Notify' } = values;
  const noted = TriggerAction === 'Notify' ? state : { ...state, triggered: { ...state.triggered, [path]: true } };
  if (TriggerAction === 'Config') return [noted, []];
  const answered = values.NotifRetry === 'true';
  const notify: Notify = { ...told, subscriptionId: values.ID ?? path, sendResp: answered };
  const expiration = Number(values.NotifExpiration ?? 0);
  return send(noted, {
    ...{ controller, notify, sight, chance },
    keeps: values.Persistent === 'true',
    ...(expiration === 0 ? {} : { expires: sight.wall + expiration * SECOND }),
  });
}

/** OnBoardRequest: of no subscription, and repeated until it is answered (TR-369 1.4, R-NOT.5). */
export function introduce(state: UspState, controller: Controller, { sight, chance }: Now): Step {
  const onBoardReq = {
    oui: '',
    productClass: 'relais',
    serialNumber: sight.device,
    agentSupportedProtocolVersions: PROTOCOLS,
  };
  const notify: Notify = { subscriptionId: '', sendResp: true, onBoardReq };
  return send(state, { controller, notify, sight, chance, keeps: false });
}

export const PROTOCOLS = '1.3,1.4';

type Sending = Now & {
  readonly controller: Controller;
  readonly notify: Notify;
  readonly keeps: boolean;
  readonly expires?: number;
};

function send(state: UspState, { controller, notify, keeps, expires, sight, chance }: Sending): Step {
  const msgId = `${sight.wall.toString(36)}-${state.told + 1}`;
  const joined = state.at === 'joined';
  const told = { ...state, told: state.told + 1 };
  const effects: readonly UspEffect[] = joined
    ? [{ do: 'tell', controller: controller.number, msgId, body: { request: { notify } } }]
    : [];
  if (!notify.sendResp) return [told, effects];
  const notice: Notice = {
    ...{ msgId, controller: controller.number, notify, keeps },
    attempts: joined ? 1 : 0,
    due: joined ? sight.mono + pause(state, controller.number, 1, chance) : 0,
    ...(expires === undefined ? {} : { expires }),
  };
  const notices = [...state.book.notices, notice].slice(-MOST_NOTICES);
  return [{ ...told, book: { ...state.book, notices } }, effects];
}

/** Sends again what was not answered in time, and gives up what has expired. */
export function retry(state: UspState, { sight, chance }: Now): Step {
  const effects: UspEffect[] = [];
  const living = state.book.notices.filter(({ expires }) => expires === undefined || expires > sight.wall);
  const notices = living.map((notice) => {
    if (state.at !== 'joined' || notice.due > sight.mono) return notice;
    const { controller, msgId, notify } = notice;
    effects.push({ do: 'tell', controller, msgId, body: { request: { notify } } });
    const attempts = notice.attempts + 1;
    return { ...notice, attempts, due: sight.mono + pause(state, controller, attempts, chance) };
  });
  const same = effects.length === 0 && living.length === state.book.notices.length;
  return same ? [state, []] : [{ ...state, book: { ...state.book, notices } }, effects];
}

/** TR-369 1.4, table of R-NOT.2: before retry n between m·k^(n−1) and m·k^n, by the controller's own parameters. */
function pause({ book }: UspState, controller: number, retries: number, chance: number): number {
  const row = book.rows[`${controllerPath({ number: controller })}.`];
  const least = Number(row?.USPNotifRetryMinimumWaitInterval ?? 5) * SECOND;
  const growth = Number(row?.USPNotifRetryIntervalMultiplier ?? 2_000) / 1_000;
  const from = least * growth ** (Math.min(retries, LAST_GROWTH) - 1);
  return Math.floor(from + chance * (from * growth - from));
}
