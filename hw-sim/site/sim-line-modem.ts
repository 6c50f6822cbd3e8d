import { millis } from '../../agent/model/units.ts';
import type { Clock } from '../../agent/ports/clock.ts';
import type { LineModem } from '../../agent/ports/line-modem.ts';
import type { Life } from './life.ts';

type Where = 'home' | 'roaming' | 'no';

/** What the modem does, whoever told it: it outlives the agent. */
type LineState = {
  readonly where: Where;
  /** MCC and MNC of the network; undefined: the modem does not say. */
  readonly network: string | undefined;
  readonly context: boolean;
  readonly served: boolean;
  readonly roaming: boolean;
  readonly fourG: boolean;
};

/**
 * The modem as the mobile line sees it. Its bytes are simulated elsewhere; left out: that a search for networks takes
 * time. Its maker gave it no word for roaming: it registers abroad whatever it is told, as many do.
 */
export type SimLineModem = {
  port(life: Life): LineModem;
  state(): LineState;
  /** It is carried elsewhere, and says so. */
  move(to: Where, network?: string): void;
  /** It starts anew: its context is up again, and it has forgotten what is not in its flash. */
  reset(): void;
  /** It says no to everything. */
  refuse(refuses: boolean): void;
};

const ANSWER_TAKES = millis(600);

export function createSimLineModem(clock: Clock): SimLineModem {
  let state: LineState = { where: 'home', network: undefined, context: true, served: true, roaming: true, fourG: true };
  let refuses = false;
  let listeners: readonly { readonly life: Life; heard(news: 'moved' | 'began'): void }[] = [];
  const say = (news: 'moved' | 'began'): void => {
    for (const { life, heard } of listeners) if (life.alive()) heard(news);
  };
  const seen = (): Where => (state.served ? state.where : 'no');
  const tell: LineModem['registered'] = (done) => (refuses ? done(undefined) : done(seen(), state.network));
  return {
    port(life) {
      const obey = (change: Partial<LineState>, done: (done: boolean) => void): void => {
        clock.after(ANSWER_TAKES, () => {
          if (!life.alive()) return;
          if (!refuses) state = { ...state, ...change };
          done(!refuses);
        });
      };
      return {
        registered: (done) => void clock.after(ANSWER_TAKES, () => life.alive() && tell(done)),
        serve: (served, done) => obey({ served }, done),
        allow: ({ roaming, fourG }, done) => obey({ roaming, fourG }, done),
        carry: (context, done) => obey({ context }, done),
        listen: (heard) => {
          listeners = [...listeners.filter((one) => one.life.alive()), { life, heard }];
        },
      };
    },
    state: () => state,
    move(where, network) {
      state = { ...state, where, network };
      say('moved');
    },
    reset() {
      state = { ...state, context: true, served: true };
      say('began');
    },
    refuse(is) {
      refuses = is;
    },
  };
}
