import { type Controller, controllerPath } from '../controller.ts';
import { isFailure } from '../failure.ts';
import { SUBSCRIPTIONS } from '../model/bind-agent.ts';
import type { Model } from '../model/model.ts';
import { type Row, typePath, type Values } from '../model/object-type.ts';
import { viewOf } from '../model/site-model.ts';
import { may } from '../roles.ts';
import type { Sight } from '../sight.ts';
import type { Notify } from '../wire/message.ts';
import { readPath } from './read.ts';
import type { Notice, Step, UspEffect, UspRules, UspState } from './state.ts';

/** Notifications that may wait for answers: beyond, the oldest is given up. */
const MOST_NOTICES = 100;
/** TR-369 1.4, R-NOT.2: from the tenth on the pause grows no more. */
const LAST_GROWTH = 10;
const SECOND = 1_000;

type Now = { readonly sight: Sight; readonly chance: number };
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

/** A reference covers what it names, and an object all that is in it; `*` stands for any row. */
export function covers(reference: string, path: string): boolean {
  const pattern = reference.split('.');
  const pieces = path.split('.');
  const open = pattern.at(-1) === '';
  const length = open ? pattern.length - 1 : pattern.length;
  if (open ? pieces.length < length : pieces.length !== length) return false;
  return pattern.slice(0, length).every((piece, index) => piece === '*' || piece === pieces[index]);
}

function mayHear({ role }: Controller, { type, path }: Happening): boolean {
  const published = typePath(path);
  const kind = type === 'Event' || type === 'OperationComplete' ? 'command' : 'row';
  return may(role, kind, 'n', published);
}

/** Sends a notification; where it is to be answered it is repeated until it is. */
export function tell(
  state: UspState,
  { values, controller, path }: Subscription,
  told: Told,
  { sight, chance }: Now,
): Step {
  const answered = values.NotifRetry === 'true';
  const notify: Notify = { ...told, subscriptionId: values.ID ?? path, sendResp: answered };
  const expiration = Number(values.NotifExpiration ?? 0);
  return send(state, {
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

/** Tells what has changed since it was last told, as far as its receiver may read it. */
export function compare(state: UspState, look: () => Model, rules: UspRules, now: Now): Step {
  let next = state;
  const effects: UspEffect[] = [];
  const seen: Record<string, Values> = {};
  const watching = subscriptionsOf(state, rules).filter(({ values }) => values.NotifType === 'ValueChange');
  if (watching.length === 0) return [Object.keys(state.seen).length === 0 ? state : { ...state, seen }, []];
  const model = look();
  for (const subscription of watching) {
    const { path, values, controller } = subscription;
    const current = watched(viewOf(model, controller), references(values));
    const before = state.seen[path];
    seen[path] = current;
    for (const [paramPath, paramValue] of Object.entries(current)) {
      if (before === undefined || before[paramPath] === undefined || before[paramPath] === paramValue) continue;
      const [after, told] = tell(next, subscription, { valueChange: { paramPath, paramValue } }, now);
      next = after;
      effects.push(...told);
    }
  }
  return [{ ...next, seen }, effects];
}

function watched(view: Model, paths: readonly string[]): Values {
  const found = paths.flatMap((path) => {
    const read = readPath(view, path);
    if (isFailure(read)) return [];
    return read.values.flatMap(({ object, values }) =>
      Object.entries(values)
        .filter(([name]) => isNews(view.rows.get(object), name))
        .map(([name, value]) => [`${object}${name}`, value] as const),
    );
  });
  return Object.fromEntries(found);
}

const isNews = (row: Row | undefined, name: string): boolean => row?.type.parameters?.[name]?.restless !== true;
