import { stepCall } from '../../../agent/machines/call/step.ts';
import type {
  Admission,
  Call,
  CallEffect,
  CallEvent,
  CallFacts,
  CallRules,
} from '../../../agent/machines/call/words.ts';
import type { ClockBlock, LedgerEvent } from '../../../agent/model/record.ts';
import { hours } from '../../../agent/model/units.ts';
import { readMessage } from '../../../agent/sip/read-message.ts';
import { ACK, INVITE, OK, RINGING } from '../sip/sample.ts';

export const rules: CallRules = { longest: hours(4), cutRunningCalls: true };
export const clock = (mono: number, boot = 'b'): ClockBlock => ({
  wall: 1_000_000 + mono,
  mono,
  boot,
  quality: 'synced',
});
export const facts: CallFacts = {
  call: 'call-1',
  direction: 'outgoing',
  caller: '+33172890001',
  called: '0612345678',
  class: 'mobile',
  startedAt: clock(0),
};
export const paid: Extract<Admission, { may: 'pass' }> = {
  may: 'pass',
  gated: true,
  reserved: { bundleSeconds: 0, paidSeconds: 10, ticks: 600 },
  seconds: 10,
};
export const free: Admission = {
  may: 'pass',
  gated: false,
  reserved: { bundleSeconds: 0, paidSeconds: 0, ticks: 0 },
  seconds: undefined,
};

export function message(bytes: Uint8Array) {
  const read = readMessage(bytes);
  if (read === undefined) throw new Error('not SIP');
  return read;
}
export const invited = (admission: Admission, own: Partial<CallFacts> = {}): CallEvent => ({
  on: 'invited',
  facts: { ...facts, ...own },
  admission,
  ...message(INVITE),
  dialog: { phone: { address: '192.168.10.10', port: 5060 }, server: 'sbc' },
  link: 'main',
});
export const sip = (from: 'phone' | 'network', bytes: Uint8Array, mono: number): CallEvent => ({
  on: 'sip',
  from,
  ...message(bytes),
  now: clock(mono),
});
export function dialogOf(events: readonly CallEvent[]) {
  const { call } = play(...events);
  if (call === undefined || !('dialog' in call)) throw new Error('no call has begun');
  return call.dialog;
}
export const admitted: CallEvent = { on: 'recorded', what: 'admission', seconds: 0 };

/** What the site did, in a word each. */
export const deed = (effect: CallEffect): string => {
  if (effect.do === 'record') return effect.event.kind;
  if (effect.do === 'send-bye') return `bye to ${effect.to}`;
  return effect.do;
};

export function play(...events: readonly CallEvent[]) {
  let call: Call | undefined;
  const deeds: string[] = [];
  const records: LedgerEvent[] = [];
  const waits = new Map<string, number>();
  for (const event of events) {
    const answer = stepCall(call, event, rules);
    if (answer === undefined) continue;
    call = answer[0];
    for (const effect of answer[1]) {
      if (effect.do === 'record') records.push(effect.event);
      if (effect.do === 'wait') waits.set(effect.name, effect.for);
      else if (effect.do === 'stop-waiting') waits.delete(effect.name);
      else deeds.push(deed(effect));
    }
  }
  const ended = records.find((event) => event.kind === 'call-ended');
  return { call, deeds, records, ended, waits };
}

export const talking: readonly CallEvent[] = [
  invited(paid),
  admitted,
  sip('network', RINGING, 1_000),
  sip('network', OK, 2_000),
  sip('phone', ACK, 2_010),
];
