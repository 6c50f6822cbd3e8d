import type { PlanRules, PlanUse } from '../../../../agent/rating/unlimited/plan-use.ts';

/** What a naive count finds of one service: units billed from the breach on, by id, and the breach if there is one. */
type Found = { readonly billed: ReadonlyMap<string, number>; readonly over: string };
type Call = Extract<PlanUse, { kind: 'call' }>;
type Sms = Extract<PlanUse, { kind: 'sms' }>;

/** R-7 a second time: second by second and segment by segment. One line a use, then the two breaches. */
export function naiveMonth(uses: readonly PlanUse[], rules: PlanRules): readonly string[] {
  const ordered = inOrder(uses);
  const included = ordered.filter((use) => use.included);
  const calls = naiveCalls(
    included.filter((use) => use.kind === 'call'),
    rules,
  );
  const sms = naiveSms(
    included.filter((use) => use.kind === 'sms'),
    rules,
  );
  const { retroactive, billing_step_s } = rules.readings;
  const lines = ordered.map((use) => {
    if (!use.included) return `${use.id} outside`;
    const { billed, over } = use.kind === 'call' ? calls : sms;
    if (over === '') return `${use.id} free`;
    if (retroactive) return `${use.id} ${use.kind === 'call' ? roundedUp(use.seconds, billing_step_s) : use.segments}`;
    return `${use.id} ${billed.get(use.id) ?? 'free'}`;
  });
  return [...lines, `call ${calls.over}`, `sms ${sms.over}`];
}

function inOrder(uses: readonly PlanUse[]): readonly PlanUse[] {
  const waiting = [...uses];
  const ordered: PlanUse[] = [];
  while (waiting.length > 0) {
    let first = 0;
    for (let at = 1; at < waiting.length; at += 1) {
      const [a, b] = [waiting[at], waiting[first]];
      if (a && b && (a.at < b.at || (a.at === b.at && a.id < b.id))) first = at;
    }
    ordered.push(...waiting.splice(first, 1));
  }
  return ordered;
}

function naiveCalls(calls: readonly Call[], { terms, readings }: PlanRules): Found {
  const called = new Set<string>();
  const billed = new Map<string, number>();
  let seconds = 0;
  let over = '';
  for (const call of calls) {
    let beyond = over === '' ? 0 : call.seconds;
    if (over === '') {
      called.add(call.party);
      if (terms.voiceNumbers !== undefined && called.size > terms.voiceNumbers.value) {
        over = `${call.at} ${call.id}`;
        beyond = call.seconds;
      } else {
        for (let second = 0; second < call.seconds; second += 1) {
          seconds += 1;
          if (terms.voiceSeconds === undefined || seconds <= terms.voiceSeconds.value) continue;
          if (over === '') over = `${call.at + second * 1_000} ${call.id}`;
          beyond += 1;
        }
        if (beyond > 0 && readings.hours_breach === 'whole_call') beyond = call.seconds;
      }
    }
    if (over !== '') billed.set(call.id, roundedUp(beyond, readings.billing_step_s));
  }
  return { billed, over };
}

function naiveSms(messages: readonly Sms[], { terms, readings }: PlanRules): Found {
  const written = new Set<string>();
  const billed = new Map<string, number>();
  const recipients = terms.smsRecipients?.value;
  const both = readings.sms_breach === 'both' && terms.sms !== undefined && recipients !== undefined;
  let sent = 0;
  let over = '';
  for (const message of messages) {
    let beyond = over === '' ? 0 : message.segments;
    if (over === '') {
      const before = written.size;
      written.add(message.party);
      const tooMany = recipients !== undefined && written.size > recipients;
      for (let segment = 0; segment < message.segments; segment += 1) {
        if (readings.sms_count === 'segments' || segment === 0) sent += 1;
        const full = terms.sms !== undefined && sent > terms.sms.value;
        if (both ? full && tooMany : full || tooMany) beyond += 1;
      }
      if (beyond > 0) {
        over = `${message.at} ${message.id}`;
        const arrives = recipients !== undefined && before <= recipients && tooMany;
        if (arrives || readings.sms_count === 'messages') beyond = message.segments;
      }
    }
    if (over !== '') billed.set(message.id, beyond);
  }
  return { billed, over };
}

function roundedUp(seconds: number, step: number): number {
  let rounded = seconds;
  while (rounded % step !== 0) rounded += 1;
  return rounded;
}
