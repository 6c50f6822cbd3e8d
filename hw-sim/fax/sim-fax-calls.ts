import { millis } from '../../agent/model/units.ts';
import type { Clock } from '../../agent/ports/clock.ts';
import type { FaxCall, FaxCallNews, FaxCalls, FaxTerms } from '../../agent/ports/fax-calls.ts';

/** What the far end of a call hears. */
export type FarNews =
  | { readonly on: 'fax-opened' | 'answered' | 'over' }
  | { readonly on: 'heard'; readonly datagram: Uint8Array };

/** The far end's side of a call. */
export type FarLeg = {
  readonly answer: () => void;
  readonly ring: () => void;
  /** Before the answer: a final status. */
  readonly refuse: (status: number) => void;
  /** A re-INVITE to T.38. */
  readonly offerFax: () => void;
  readonly send: (datagram: Uint8Array) => void;
  readonly hangUp: () => void;
};

export type FarEnd = {
  /** T.38 is taken where it is offered; a status refuses it. */
  readonly takesFax: true | number;
  readonly called: (leg: FarLeg, line: string) => (news: FarNews) => void;
};

type Attempt = { readonly line: string; readonly dialled: string; readonly at: number };

export type SimFaxCalls = {
  readonly calls: FaxCalls;
  /** Every INVITE that left the box. */
  readonly attempts: readonly Attempt[];
  /** Somebody calls the line; undefined where nobody takes the call. */
  readonly call: (line: string, peer: string | undefined, far: FarEnd) => void;
  /** The agent died: nothing is told to it any more, and its calls end when their far ends notice. */
  readonly forget: () => void;
};

const ONE_WAY = millis(40);
const TERMS: FaxTerms = { version: 0, maxBitRate: 14_400, largest: 1_400, repair: 'secondaries' };

/**
 * The operator's network as the contract of fax calls has it, in simulated time: 40 ms each way, no loss. Left out: SIP itself, early
 * media, T.38 from the first INVITE, several offers, and the policy of the box, which is that of its calls.
 */
export function createSimFaxCalls(clock: Clock, reached: (dialled: string) => FarEnd | number): SimFaxCalls {
  const attempts: Attempt[] = [];
  const alive = new Set<() => void>();
  let count = 0;
  let taker: Parameters<FaxCalls['onCall']>[0] | undefined;

  function connect(far: FarEnd, line: string, peer: string | undefined) {
    const leg = createLeg(clock, far);
    alive.add(leg.forget);
    count += 1;
    return { ...leg, id: `fax-${count}@sim`, line, peer };
  }

  return {
    attempts,
    calls: {
      dial({ line, dialled }, listen) {
        attempts.push({ line, dialled, at: clock.wall() });
        const far = reached(dialled);
        const status = typeof far === 'number' ? far : 0;
        const { id, near, placed } = connect(typeof far === 'number' ? NOBODY : far, line, dialled);
        placed(listen, line, status);
        return { id, line, peer: dialled, ...near };
      },
      onCall(listen) {
        taker = listen;
      },
    },
    call(line, peer, far) {
      const { id, near, incoming } = connect(far, line, peer);
      const hear = taker?.({ id, line, peer, ...near });
      incoming(hear);
    },
    forget() {
      for (const one of alive) one();
      alive.clear();
      taker = undefined;
    },
  };
}

const NOBODY: FarEnd = { takesFax: true, called: () => () => undefined };

type Near = Pick<FaxCall, 'answer' | 'refuse' | 'turnToFax' | 'send' | 'hangUp'>;

function createLeg(clock: Clock, far: FarEnd) {
  let toNear: (news: FaxCallNews) => void = () => undefined;
  let toFar: (news: FarNews) => void = () => undefined;
  let at: 'calling' | 'answered' | 'fax' | 'over' = 'calling';
  const soon = (run: () => void): void => void clock.after(ONE_WAY, run);
  const tell = (news: FaxCallNews): void => soon(() => toNear(news));
  const tellFar = (news: FarNews): void => soon(() => toFar(news));
  const openFax = (): void => {
    if (at !== 'answered') return;
    if (far.takesFax !== true) return tell({ on: 'fax-refused', status: far.takesFax });
    at = 'fax';
    tell({ on: 'fax-opened', terms: TERMS });
    tellFar({ on: 'fax-opened' });
  };
  const over = (by: 'us' | 'far', status = 0): void => {
    if (at === 'over') return;
    at = 'over';
    tell({ on: 'over', by, status, text: '' });
    tellFar({ on: 'over' });
  };
  const answer = (who: 'near' | 'far'): void => {
    if (at !== 'calling') return;
    at = 'answered';
    if (who === 'far') tell({ on: 'answered' });
    else tellFar({ on: 'answered' });
  };
  const near: Near = {
    answer: () => answer('near'),
    refuse: (status) => over('us', status),
    turnToFax: () => soon(() => soon(openFax)),
    send: (datagram) => at === 'fax' && tellFar({ on: 'heard', datagram }),
    hangUp: () => over('us'),
  };
  const leg: FarLeg = {
    answer: () => answer('far'),
    ring: () => tell({ on: 'ringing' }),
    refuse: (status) => over('far', status),
    offerFax: () => soon(() => soon(openFax)),
    send: (datagram) => at === 'fax' && tell({ on: 'heard', datagram }),
    hangUp: () => over('far'),
  };
  return {
    near,
    placed(listen: (news: FaxCallNews) => void, line: string, status: number) {
      toNear = listen;
      if (status > 0) return over('far', status);
      soon(() => {
        toFar = far.called(leg, line);
      });
    },
    incoming(listen: ((news: FaxCallNews) => void) | undefined) {
      toFar = far.called(leg, '');
      if (listen === undefined) return over('us', 480);
      toNear = listen;
    },
    forget() {
      toNear = () => undefined;
      soon(() => over('far'));
    },
  };
}
