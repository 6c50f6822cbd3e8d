import type { TestPki } from '../test-pki.ts';
import { authenticateClient, cancelSession, getBoundProfilePackage, initiateAuthentication } from './functions.ts';
import { hearNotification } from './notifications.ts';
import type { Smdp, SmdpAnswer, SmdpOrder } from './smdp-state.ts';

/*
 * A profile server (SM-DP+) with ES9+ of SGP.22 5.6: it proves itself, judges eUICCs, binds packages to one eUICC and one
 * session, hears notifications. Left out: ES2+ (orders are given by the test), the discovery service, certificates that
 * are revoked, expiry of orders and sessions, and any limit of load.
 */
export type SimSmdp = {
  readonly order: (order: Omit<SmdpOrder, 'at' | 'wrongCodes'>) => void;
  readonly orderOf: (matchingId: string) => SmdpOrder | undefined;
  readonly handle: (path: string, body: string) => HttpSaid;
  readonly told: Smdp['told'];
  readonly canceled: Smdp['canceled'];
  /** The newest lesson is asked first; undefined is silence, the truth is what it would have said. */
  readonly teach: (lesson: SmdpLesson) => () => void;
};

export type HttpSaid = { readonly status: number; readonly body: string };
export type SmdpLesson = (path: string, truth: () => HttpSaid, body: string) => HttpSaid | 'silence' | undefined;

type Making = { readonly address: string; readonly segmentBytes?: number; readonly replacesKeys?: boolean };

export function createSmdp(pki: TestPki, { address, segmentBytes = 1_020, replacesKeys = true }: Making): SimSmdp {
  const smdp: Smdp = {
    pki,
    address,
    auth: pki.dpAuth,
    orders: new Map(),
    sessions: new Map(),
    told: [],
    canceled: [],
    segmentBytes,
    replacesKeys,
  };
  let lessons: readonly SmdpLesson[] = [];
  return {
    order: (order) => smdp.orders.set(order.matchingId, { ...order, at: 'released', wrongCodes: 0 }),
    orderOf: (matchingId) => smdp.orders.get(matchingId),
    handle(path, body) {
      const truth = () => obey(smdp, path, body);
      for (const lesson of lessons) {
        const said = lesson(path, truth, body);
        if (said !== undefined) return said === 'silence' ? { status: 0, body: '' } : said;
      }
      return truth();
    },
    told: smdp.told,
    canceled: smdp.canceled,
    teach(lesson) {
      lessons = [lesson, ...lessons];
      return () => {
        lessons = lessons.filter((other) => other !== lesson);
      };
    },
  };
}

type Body = Readonly<Record<string, unknown>>;
const FUNCTIONS: Readonly<Record<string, (smdp: Smdp, body: Body) => SmdpAnswer>> = {
  initiateAuthentication,
  authenticateClient,
  getBoundProfilePackage,
  cancelSession,
};

function obey(smdp: Smdp, path: string, text: string): HttpSaid {
  const name = /^\/gsma\/rsp2\/es9plus\/(\w+)$/.exec(path)?.[1] ?? '';
  const body = jsonIn(text);
  if (body === undefined) return { status: 400, body: '' };
  if (name === 'handleNotification') {
    const heard = hearNotification(smdp, Buffer.from(String(body.pendingNotification ?? ''), 'base64'));
    return { status: heard ? 204 : 400, body: '' };
  }
  const does = FUNCTIONS[name];
  return does === undefined ? { status: 404, body: '' } : said(does(smdp, body));
}

function said(answer: SmdpAnswer): HttpSaid {
  const failed = 'reason' in answer;
  const statusCodeData = failed
    ? { subjectCode: answer.subject, reasonCode: answer.reason, message: 'refused' }
    : undefined;
  const functionExecutionStatus = failed ? { status: 'Failed', statusCodeData } : { status: 'Executed-Success' };
  const fields = failed ? {} : answer.fields;
  return { status: 200, body: JSON.stringify({ header: { functionExecutionStatus }, ...fields }) };
}

function jsonIn(text: string): Body | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Body) : undefined;
  } catch {
    return undefined;
  }
}
