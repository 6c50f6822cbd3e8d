import { controllerEndpoint, SUPPORT_ROLES, type SupportRole } from '../../../agent/model/management.ts';
import {
  EMPTY_BOOK,
  startUsp,
  type UspEffect,
  type UspEvent,
  type UspRules,
  type UspState,
} from '../../../agent/usp/agent/state.ts';
import { stepUsp } from '../../../agent/usp/agent/step.ts';
import type { Sight } from '../../../agent/usp/sight.ts';
import {
  type Body,
  type Notify,
  type RequestDraft,
  readMessage,
  readRecord,
  writeMessage,
} from '../../../agent/usp/wire/message.ts';

export const AGENT = 'self::relais-0001';

export const SIGHT: Sight = {
  ...{ wall: 1_790_000_000_000, mono: 1_000_000, began: 900_000, clock: 'synced' },
  ...{ device: 'relais-0001', software: 'relais test', configVersion: 3 },
  memory: { total: 512_000, free: 300_000, own: 40_000 },
  links: [
    {
      name: 'main',
      role: 'main',
      kind: 'sdsl',
      upKbps: 2_000,
      downKbps: 4_000,
      answers: true,
      answered: 10,
      lost: 0,
      rttMicros: 9_000,
    },
    {
      name: 'second',
      role: 'second',
      kind: 'mobile',
      upKbps: 1_500,
      downKbps: 3_000,
      answers: false,
      answered: 4,
      lost: 6,
      rttMicros: undefined,
    },
  ],
  failover: { enabled: true, holdOffMs: 60_000 },
  steering: { voice: 'main', data: 'main' },
  ...{ calls: 2, channels: 4 },
  lines: [
    { number: '+33172890001', label: 'Front desk', suspended: false },
    { number: '+33172890002', label: 'Office', suspended: true },
  ],
  credit: {
    cycle: 2,
    microEuro: 5_000_000,
    bundleSeconds: 600,
    limited: false,
    leases: [{ id: 'lease-1', cycle: 2, ticks: 300_000_000, bundleSeconds: 600 }],
  },
  ledger: {
    epoch: '0123456789abcdef',
    size: 42,
    head: 'ab'.repeat(32),
    received: 40,
    recording: true,
    bytes: 100_000,
    room: 9_000_000,
  },
  broker: { host: '203.0.113.20', port: 1883, username: 'relais-0001', joined: true },
};

/** One controller of each role, in their order. */
export const RULES: UspRules = {
  agent: AGENT,
  controllers: SUPPORT_ROLES.map((role, index) => ({
    ...{
      number: index + 1,
      endpoint: controllerEndpoint(role),
      role,
      heardOn: `to-agent/${role}`,
      toldOn: `to-controller/${role}`,
      bulkOn: `bulk/${role}`,
    },
    ...(role === 'client' ? { lines: ['+33172890001'] } : {}),
  })),
};

/** The pure agent with its bytes: what is said to it is written and read, and so is what it says. */
export function createDesk() {
  let state: UspState = startUsp(EMPTY_BOOK);
  let sight = SIGHT;
  let asked = 0;
  const all: UspEffect[] = [];
  const hear = (event: UspEvent): readonly UspEffect[] => {
    const [next, effects] = stepUsp(state, event, RULES);
    state = next;
    all.push(...effects);
    return effects;
  };
  const number = (role: SupportRole): number => SUPPORT_ROLES.indexOf(role) + 1;
  const say = (role: SupportRole, bytes: Uint8Array): readonly UspEffect[] => {
    const record = readRecord(bytes);
    return record === undefined
      ? []
      : hear({ on: 'heard', controller: number(role), record, log: ['a line'], sight, chance: 0.5 });
  };
  const tellings = (effects: readonly UspEffect[]) =>
    effects.flatMap((effect) => (effect.do === 'tell' ? [effect] : []));
  return {
    state: () => state,
    now: () => sight,
    all,
    hear,
    say,
    event: (on: 'joined' | 'left' | 'looked') => hear({ on, sight, chance: 0.5 }),
    finish: (request: number) => hear({ on: 'finished', request, output: { Status: 'Complete' }, sight, chance: 0.5 }),
    see: (change: Partial<Sight>) => {
      sight = { ...sight, ...change };
    },
    /** What the agent answers, as its bytes say it. */
    ask(request: RequestDraft, role: SupportRole = 'support-2') {
      asked += 1;
      const msgId = `question-${asked}`;
      const ends = { from: controllerEndpoint(role), to: AGENT };
      const answer = tellings(say(role, writeMessage(ends, msgId, { request }))).find((one) => one.msgId === msgId);
      return { response: undefined, error: undefined, ...(answer && read(answer.body)) };
    },
    notices: (effects: readonly UspEffect[]): readonly Partial<Notify>[] =>
      tellings(effects).flatMap(({ body }) =>
        'request' in body && body.request.notify ? [read(body).request?.notify ?? {}] : [],
      ),
    /** Each controller answers what it was told. */
    answerNotice(effects: readonly UspEffect[]) {
      for (const { msgId, body, controller } of tellings(effects)) {
        const notify = 'request' in body ? body.request.notify : undefined;
        const role = SUPPORT_ROLES[controller - 1];
        if (notify === undefined || role === undefined) continue;
        const notifyResp = { subscriptionId: notify.subscriptionId ?? '' };
        say(role, writeMessage({ from: controllerEndpoint(role), to: AGENT }, msgId, { response: { notifyResp } }));
      }
    },
    deeds: () => all.flatMap((effect) => (effect.do === 'record' ? [effect.action] : [])),
  };
}

function read(body: Body) {
  const record = readRecord(writeMessage({ from: AGENT, to: 'self::x' }, 'x', body));
  const message = record?.noSessionContext && readMessage(record.noSessionContext.payload);
  if (message?.body === undefined) throw new Error('what the agent wrote cannot be read');
  return message.body;
}

export const get = (...paramPaths: readonly string[]): RequestDraft => ({ get: { paramPaths } });
export const required = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).map(([param, value]) => ({ param, value, required: true }));
