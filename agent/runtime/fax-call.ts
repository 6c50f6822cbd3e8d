import type { AgreedSession } from '../fax/t38/session-words.ts';
import { never } from '../model/never.ts';
import type { SipRequest, SipResponse } from '../model/sip-text.ts';
import { millis } from '../model/units.ts';
import type { Cancel, Clock } from '../ports/clock.ts';
import type { FaxCall, FaxCallNews } from '../ports/fax-calls.ts';
import type { FaxFlow, FaxMedia } from '../ports/fax-wires.ts';
import type { Random } from '../ports/random.ts';
import { startCall, stepCall } from '../ua/call.ts';
import type { Call, CallEffect, CallEvent, CallTimer, CallTold } from '../ua/call-words.ts';
import type { Agreed, Setting } from '../ua/setting.ts';
import { speakSilence } from './fax-silence.ts';
import type { Transactions } from './sip-transactions.ts';
import { createTimers } from './timers.ts';
import type { Turns } from './turns.ts';

type Needs = {
  readonly clock: Clock;
  readonly turns: Turns;
  readonly random: Random;
  readonly media: FaxMedia;
  readonly transactions: Pick<Transactions, 'request' | 'respond'>;
  /** Past all transactions. */
  readonly send: (text: SipRequest | SipResponse) => void;
  readonly setting: () => Setting;
  readonly forget: () => void;
};

/** What a call is, before anything is said. `seed` is random, for its tags and branches. */
export type CallMaking = Pick<FaxCall, 'id' | 'line' | 'peer'> & {
  readonly role: 'caller' | 'called';
  readonly seed: string;
};

/** One call of a fax line: its machine, its port, and whoever owns it. */
export interface LineCall {
  readonly call: FaxCall;
  /** What the machine hears before it has its port waits for it. `failed`: there is none. */
  begin(first: CallEvent, failed: () => void): void;
  listen(news: (news: FaxCallNews) => void): void;
  hear(event: CallEvent): void;
  /** Its tag in the dialog; a request with another one is of no call of ours. */
  readonly tag: string;
  live(): boolean;
  /** Its place in the kernel's eyes, while media runs: see `Media.heard`. */
  talks(): number | undefined;
  stop(): void;
}

/** As long as the kernel keeps a talker (nft-plan.ts). */
const LATELY = 10_000;
const NO_PORT = { on: 'over', by: 'us', status: 503, text: 'Aucun port libre pour un fax de plus' } as const;

export function createLineCall(needs: Needs, making: CallMaking): LineCall {
  const { clock, turns, random, transactions } = needs;
  const { role, seed, id, line, peer } = making;
  const timers = createTimers<CallTimer>(clock, turns);
  let state: Call | undefined;
  let flow: FaxFlow | undefined;
  let image = false;
  let hush: Cancel = () => undefined;
  let lastMedia = Number.NEGATIVE_INFINITY;
  let tell: (news: FaxCallNews) => void = () => undefined;
  let stopped = false;
  const early: CallEvent[] = [];

  function step(event: CallEvent): void {
    if (stopped) return;
    if (state === undefined) {
      early.push(event);
      return;
    }
    const [next, effects] = stepCall(state, event, needs.setting());
    state = next;
    for (const effect of effects) perform(effect);
  }

  function perform(effect: CallEffect): void {
    switch (effect.do) {
      case 'request':
        return transactions.request(effect.request, {
          answered: (response, by) => step({ on: 'response', response, by }),
          timedOut: (request) => step({ on: 'timed-out', request }),
        });
      case 'respond':
        return transactions.respond(effect.response);
      case 'send':
        return needs.send(effect.text);
      case 'lead':
        return lead(agreedOf(effect.agreed));
      case 'tell':
        return told(effect.news);
      case 'wait': {
        const patience = millis(effect.for + (effect.spread ?? 0) * random.fraction());
        return timers.set(effect.name, patience, () => step({ on: 'waited', name: effect.name }));
      }
      case 'stop-waiting':
        return timers.clear(effect.name);
      case 'forget':
        return stop();
      default:
        return never(effect);
    }
  }

  function lead(agreed: AgreedSession): void {
    hush();
    hush = () => undefined;
    image = agreed.media === 'image';
    lastMedia = clock.mono();
    flow?.lead(agreed.peer);
    // A call on hold by the null address (RFC 2543 B.5) has nowhere to speak to.
    if (agreed.media === 'audio' && flow && agreed.peer.address !== '0.0.0.0')
      hush = speakSilence(clock, { send: speak }, agreed.payload, Number.parseInt(seed.slice(-8), 16));
  }

  function told(news: CallTold): void {
    if (news.on === 'over') closeMedia();
    if (news.on === 'fax-opened') {
      const agreed = agreedOf(news.agreed);
      if (agreed.media === 'image') tell({ on: 'fax-opened', terms: agreed.terms });
    } else tell(news);
  }

  function speak(datagram: Uint8Array): void {
    lastMedia = clock.mono();
    flow?.send(datagram);
  }

  function hearMedia(datagram: Uint8Array): void {
    lastMedia = clock.mono();
    if (image && flow) tell({ on: 'heard', datagram });
  }

  function closeMedia(): void {
    hush();
    flow?.close();
    flow = undefined;
  }

  function stop(): void {
    stopped = true;
    timers.stop();
    closeMedia();
    needs.forget();
  }

  const ask = (event: CallEvent) => (): void => turns(() => step(event));
  return {
    call: {
      ...{ id, line, peer },
      answer: ask({ on: 'picked-up' }),
      refuse: (status) => turns(() => step({ on: 'declined', status: status >= 300 && status < 700 ? status : 480 })),
      turnToFax: ask({ on: 'fax-wanted' }),
      send(datagram) {
        if (image && state?.at === 'confirmed') speak(datagram);
      },
      hangUp: ask({ on: 'hung-up' }),
    },
    tag: seed.slice(0, 10),
    begin(first, failed) {
      needs.media.open((opened) =>
        turns(() => {
          if (stopped) return opened?.close();
          if (opened === undefined) {
            failed();
            tell(NO_PORT);
            return stop();
          }
          flow = opened;
          opened.listen((datagram) => turns(() => hearMedia(datagram)));
          state = startCall(seed, role, opened.port);
          step(first);
          for (const event of early.splice(0)) step(event);
        }),
      );
    },
    listen(news) {
      tell = news;
    },
    hear: step,
    live: () => !stopped && state?.at !== 'over' && state?.at !== 'leaving',
    talks: () => (state?.at === 'confirmed' && clock.mono() - lastMedia < LATELY ? state.port : undefined),
    stop,
  };
}

/** What the line's own words made. */
const agreedOf = (agreed: Agreed): AgreedSession => agreed as AgreedSession;
