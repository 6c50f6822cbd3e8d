import type { PlanRules, PlanUse } from '../../../../agent/rating/unlimited/plan-use.ts';

/** R-7 a second time: second by second and segment by segment. One line a use, then the two breaches. */
export function naiveMonth(uses: readonly PlanUse[], { terms, readings }: PlanRules): readonly string[] {
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
  const called = new Set<string>();
  const written = new Set<string>();
  let seconds = 0;
  let messages = 0;
  let callOver = '';
  let smsOver = '';
  const billed = new Map<string, number>();
  for (const use of ordered) {
    if (!use.included) continue;
    if (use.kind === 'call') {
      let beyond = callOver === '' ? 0 : use.seconds;
      if (callOver === '') {
        called.add(use.party);
        if (terms.voiceNumbers !== undefined && called.size > terms.voiceNumbers.value) {
          callOver = `${use.at} ${use.id}`;
          beyond = use.seconds;
        } else {
          for (let second = 0; second < use.seconds; second += 1) {
            seconds += 1;
            if (terms.voiceSeconds === undefined || seconds <= terms.voiceSeconds.value) continue;
            if (callOver === '') callOver = `${use.at + second * 1_000} ${use.id}`;
            beyond += 1;
          }
          if (beyond > 0 && readings.hours_breach === 'whole_call') beyond = use.seconds;
        }
      }
      if (callOver !== '') {
        while (beyond % readings.billing_step_s !== 0) beyond += 1;
        billed.set(use.id, beyond);
      }
    } else {
      let beyond = smsOver === '' ? 0 : use.segments;
      if (smsOver === '') {
        const newcomer = !written.has(use.party);
        written.add(use.party);
        const recipients = terms.smsRecipients?.value;
        const tooMany = recipients !== undefined && written.size > recipients;
        const both = readings.sms_breach === 'both' && terms.sms !== undefined && recipients !== undefined;
        for (let segment = 0; segment < use.segments; segment += 1) {
          if (readings.sms_count === 'segments' || segment === 0) messages += 1;
          const full = terms.sms !== undefined && messages > terms.sms.value;
          if (both ? full && tooMany : full || tooMany) beyond += 1;
        }
        const arrives = tooMany && newcomer && written.size === (recipients ?? 0) + 1;
        if (beyond > 0) {
          smsOver = `${use.at} ${use.id}`;
          if (arrives || readings.sms_count === 'messages') beyond = use.segments;
        }
      }
      if (smsOver !== '') billed.set(use.id, beyond);
    }
  }
  const lines = ordered.map((use) => {
    if (!use.included) return `${use.id} outside`;
    const over = use.kind === 'call' ? callOver : smsOver;
    if (over === '') return `${use.id} free`;
    if (!readings.retroactive) return billed.has(use.id) ? `${use.id} ${billed.get(use.id)}` : `${use.id} free`;
    let whole = use.kind === 'call' ? use.seconds : use.segments;
    while (use.kind === 'call' && whole % readings.billing_step_s !== 0) whole += 1;
    return `${use.id} ${whole}`;
  });
  return [...lines, `call ${callOver}`, `sms ${smsOver}`];
}
