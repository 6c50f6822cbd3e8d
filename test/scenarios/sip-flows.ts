import { request, response } from './sip-bench.ts';

export const KINDS = [
  ...['plain', 'busy', 'canceled', 'crossed', 'challenged', 'moved', 'forked', 'forked-twice'],
  ...['held', 'timed', 'transferred', 'lost-bye', 'emergency'],
] as const;

/** What chance decides of one call. Times are ms. */
export type Wish = {
  readonly kind: string;
  readonly start: number;
  readonly ring: number;
  readonly talk: number;
  readonly endedBy: 'phone' | 'network';
};

/** One message at the moment when its sender first sends it. */
export type Said = {
  readonly at: number;
  readonly from: 'phone' | 'network';
  readonly text: string;
  /** It is what the far end answers with, or what ends a dialog that was answered. */
  readonly marks?: 'answer' | 'release';
};

export type Flow = { readonly callId: string; readonly wish: Wish; readonly said: readonly Said[] };

/** Longer than any repetition on the way: what is a reaction never overtakes what it reacts to. */
const REACTION = 2_500;
const NATIONAL = 'sip:0199000001@203.0.113.10';
const OTHER = 'sip:0612345678@203.0.113.10';
const EMERGENCY = 'sip:112@203.0.113.10';

const OFFER = 'v=0\r\nc=IN IP4 192.168.10.10\r\nm=audio 16384 RTP/AVP 8\r\n';

type Own = NonNullable<Parameters<typeof request>[2]>;

/** A call as both of its ends live through it (RFC 3261), message by message, before the network does its worst. */
export function flowOf(callId: string, wish: Wish): Flow {
  const uri = wish.kind === 'emergency' ? EMERGENCY : NATIONAL;
  const script = createScript(callId, wish, uri);
  SCRIPTS[wish.kind]?.(script);
  return { callId, wish, said: script.said };
}

function createScript(callId: string, wish: Wish, uri: string) {
  const said: Said[] = [];
  let now = wish.start;
  let sequence = 1;
  let target = uri;
  const own = (more: Own = {}): Own => ({
    callId,
    to: target,
    branch: `z9hG4bK-${callId}-${sequence}`,
    sequence,
    ...more,
  });
  const add = (from: Said['from'], text: string, marks?: Said['marks']): void => {
    said.push({ at: now, from, text, ...(marks === undefined ? {} : { marks }) });
  };
  return {
    said,
    wish,
    wait: (ms: number): void => {
      now += ms;
    },
    /** The phone asks, about the INVITE or inside the dialog. */
    ask: (method: string, more: Own = {}): void =>
      add('phone', request(method, target, own(more)), method === 'BYE' ? 'release' : undefined),
    answer: (status: number, more: Own = {}, method = 'INVITE'): void =>
      add('network', response(status, own(more), method), method === 'INVITE' && status === 200 ? 'answer' : undefined),
    next: (uriOfNext = target): void => {
      sequence += 1;
      target = uriOfNext;
    },
    say: (from: Said['from'], text: string): void => add(from, text),
    own,
    end: (toTag: string): void => {
      const bye = own({ sequence: 90, toTag, branch: `z9hG4bK-${callId}-bye` });
      add(wish.endedBy, request('BYE', target, bye), 'release');
      now += REACTION;
      add(wish.endedBy === 'phone' ? 'network' : 'phone', response(200, bye, 'BYE'));
    },
  };
}

type Script = ReturnType<typeof createScript>;

function rings({ ask, answer, wait, wish }: Script, tags: readonly string[] = ['t']): void {
  ask('INVITE', { body: OFFER });
  wait(REACTION);
  for (const toTag of tags) answer(180, { toTag });
  // So short at times that the answer overtakes the ringing.
  wait(wish.ring);
}

function talks(script: Script, toTag = 't', more: Own = {}): void {
  script.answer(200, { toTag, ...more });
  script.wait(REACTION);
  script.ask('ACK', { toTag, branch: `z9hG4bK-${toTag}-ack` });
  script.wait(script.wish.talk);
}

function plain(script: Script): void {
  rings(script);
  talks(script);
  script.end('t');
}

function refused(script: Script, status: number): void {
  script.answer(status);
  script.wait(REACTION);
  script.ask('ACK', { toTag: 't' });
}

function cancels(script: Script): void {
  rings(script);
  script.wait(REACTION);
  script.ask('CANCEL');
  script.wait(REACTION);
}

const SCRIPTS: Readonly<Record<string, (script: Script) => void>> = {
  plain,
  emergency: plain,
  busy(script) {
    rings(script);
    refused(script, 486);
  },
  canceled(script) {
    cancels(script);
    script.answer(200, {}, 'CANCEL');
    refused(script, 487);
  },
  crossed(script) {
    cancels(script);
    script.answer(200, {}, 'CANCEL');
    talks(script);
    script.end('t');
  },
  challenged(script) {
    script.ask('INVITE');
    script.wait(REACTION);
    refused(script, 407);
    script.wait(REACTION);
    script.next();
    plain(script);
  },
  moved(script) {
    script.ask('INVITE');
    script.wait(REACTION);
    refused(script, 302);
    script.wait(REACTION);
    script.next(OTHER);
    plain(script);
  },
  forked(script) {
    rings(script, ['a', 'b']);
    talks(script, 'b');
    script.end('b');
  },
  'forked-twice'(script) {
    rings(script, ['a', 'b']);
    script.answer(200, { toTag: 'b' });
    script.answer(200, { toTag: 'a' });
    script.wait(REACTION);
    script.ask('ACK', { toTag: 'b' });
    script.ask('ACK', { toTag: 'a' });
    script.wait(REACTION);
    script.ask('BYE', { toTag: 'a', sequence: 2, branch: 'z9hG4bK-away' });
    script.wait(script.wish.talk);
    script.end('b');
  },
  held(script) {
    rings(script);
    talks(script);
    const hold = script.own({ toTag: 't', sequence: 20, branch: 'z9hG4bK-hold' });
    script.say('phone', request('INVITE', NATIONAL, hold));
    script.wait(REACTION);
    script.say('network', response(200, hold));
    script.end('t');
  },
  timed(script) {
    rings(script);
    talks(script, 't', { more: ['Session-Expires: 90'] });
    const update = script.own({ toTag: 't', sequence: 30, more: ['Session-Expires: 90'], branch: 'z9hG4bK-up' });
    script.say('network', request('UPDATE', 'sip:x@192.168.10.10', update));
    script.wait(REACTION);
    script.say('phone', response(200, update, 'UPDATE'));
    script.end('t');
  },
  transferred(script) {
    rings(script);
    talks(script);
    const refer = script.own({ toTag: 't', sequence: 40, more: [`Refer-To: <${OTHER}>`], branch: 'z9hG4bK-refer' });
    script.say('network', request('REFER', 'sip:x@192.168.10.10', refer));
    script.wait(REACTION);
    script.say('phone', response(202, refer, 'REFER'));
    script.say('phone', request('NOTIFY', NATIONAL, { ...refer, more: ['Event: refer'], sequence: 41 }));
    script.wait(REACTION);
    script.end('t');
  },
  'lost-bye'(script) {
    rings(script);
    talks(script);
  },
};
