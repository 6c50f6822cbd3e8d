import type { Millis } from '../../agent/model/units.ts';
import type { CallPlan, SimCall } from './call-plan.ts';
import type { EndpointNews } from './sip-world.ts';

/** Keeps the truth about calls from what their two ends say. */
export type SimCalls = {
  begin(plan: CallPlan, sipCallId: string, now: Millis): void;
  hear(news: EndpointNews, now: Millis): void;
  planOf(sipCallId: string): CallPlan | undefined;
  all(): readonly SimCall[];
};

export function createSimCalls(): SimCalls {
  const calls = new Map<string, SimCall>();
  return {
    begin: (plan, sipCallId, now) => {
      calls.set(sipCallId, { ...UNBORN, plan, sipCallId, placedAt: now });
    },
    hear: (news, now) => {
      const call = calls.get(news.callId);
      if (call !== undefined) calls.set(news.callId, { ...call, ...changeBy(call, news, now) });
    },
    planOf: (sipCallId) => calls.get(sipCallId)?.plan,
    all: () => [...calls.values()],
  };
}

const UNBORN = {
  rangAt: undefined,
  answeredAt: undefined,
  connectedAt: undefined,
  endedAt: undefined,
  releasedAt: undefined,
  endedBy: undefined,
  refusedWith: undefined,
  gaveUp: false,
} as const;

function changeBy(call: SimCall, news: EndpointNews, now: Millis): Partial<SimCall> {
  switch (news.on) {
    case 'ringing':
      return news.side === 'called' ? { rangAt: call.rangAt ?? now } : {};
    case 'picked-up':
      return { answeredAt: now };
    case 'connected':
      return { connectedAt: now };
    case 'gave-up':
      return { gaveUp: true };
    case 'failed':
      return { refusedWith: news.status, endedAt: call.endedAt ?? now };
    case 'hung-up':
      return call.endedAt === undefined ? { endedAt: now, endedBy: news.side } : { releasedAt: call.releasedAt ?? now };
    case 'released':
      return call.endedAt === undefined ? { endedAt: now, endedBy: 'box' } : { releasedAt: call.releasedAt ?? now };
  }
}
