import type { ApduChannel, ChannelRefusal } from '../ports/apdu-channel.ts';
import { bytesOf } from '../uicc/bytes.ts';
import {
  type Exchange,
  type ExchangeEnd,
  FULL_BLOCK,
  nextCommand,
  SHORT_BLOCK,
  startExchange,
  stepExchange,
} from '../uicc/exchange.ts';
import type { AskCard, CardNews } from '../uicc/lpa/asked.ts';
import { createTurns, type Turns } from './turns.ts';

/** The ISD-R of an eUICC over a channel that is opened when first needed and anew when it was lost. */
export type EuiccDesk = {
  ask(order: AskCard, done: (news: CardNews) => void): void;
  /** Closes the channel: the modem has few of them. */
  release(done: () => void): void;
};

/** SGP.22 4.1.1.3; others that makers use may follow it. */
export const ISD_R = 'A0000005591010FFFFFFFF8900000100';

type Works = {
  readonly road: ApduChannel;
  readonly applications: readonly string[];
  readonly turns: Turns;
  channel: number | undefined;
  block: number;
};

/** `applications`: AIDs in hex, tried in order. */
export function createEuiccDesk(road: ApduChannel, applications: readonly string[] = [ISD_R]): EuiccDesk {
  const works: Works = { road, applications, turns: createTurns(), channel: undefined, block: FULL_BLOCK };
  return {
    ask: (order, done) => works.turns(() => askOpen(works, order, done)),
    release: (done) => works.turns(() => close(works, done)),
  };
}

function askOpen(works: Works, order: AskCard, done: (news: CardNews) => void): void {
  if (works.channel !== undefined) return begin(works, order, done);
  open(works, works.applications, (opened) => {
    if (typeof opened !== 'number') return done(newsOfRefusal(opened));
    works.channel = opened;
    begin(works, order, done);
  });
}

function open(works: Works, applications: readonly string[], done: (opened: number | ChannelRefusal) => void): void {
  const [first, ...others] = applications;
  if (first === undefined) return done('no-application');
  works.road.open(first, (opened) =>
    works.turns(() => (opened === 'no-application' ? open(works, others, done) : done(opened))),
  );
}

const newsOfRefusal = (refusal: ChannelRefusal): CardNews => {
  switch (refusal) {
    case 'silent':
      return { on: 'card-lost' };
    case 'no-application':
      return { on: 'card-refused', word: '6A82', says: 'no ISD-R: this card is no eUICC, or hides it from this modem' };
    default:
      return { on: 'card-refused', word: '6881', says: 'the modem gives no logical channel: restart it, or use +CSIM' };
  }
};

function begin(works: Works, order: AskCard, done: (news: CardNews) => void): void {
  const requests = order.requests.flatMap((request) => bytesOf(request) ?? []);
  run(works, startExchange(requests, works.block), (end) => {
    // A carrier with a short buffer says so before the card has seen anything of the block.
    const isTooLong = end.is === 'refused' && end.word === '6700' && works.block > SHORT_BLOCK;
    if (isTooLong) {
      works.block = SHORT_BLOCK;
      return begin(works, order, done);
    }
    if (end.is === 'answered') return done({ on: 'card-answered', answer: end.answer });
    // Whatever went wrong, the next question gets a channel of its own.
    close(works, () =>
      done(end.is === 'lost' ? { on: 'card-lost' } : { on: 'card-refused', word: end.word, says: end.says }),
    );
  });
}

function run(works: Works, exchange: Exchange, done: (end: ExchangeEnd) => void): void {
  if (exchange.at === 'over') return done(exchange.end);
  const command = nextCommand(exchange);
  if (command === undefined || works.channel === undefined) return done({ is: 'lost' });
  works.road.send(works.channel, command, (reply) =>
    works.turns(() => run(works, stepExchange(exchange, reply), done)),
  );
}

function close(works: Works, done: () => void): void {
  const { channel } = works;
  works.channel = undefined;
  if (channel === undefined) return done();
  works.road.close(channel, () => works.turns(done));
}
