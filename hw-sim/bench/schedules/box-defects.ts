import { seconds } from '../../../agent/model/units.ts';
import type { Kept, RecordStore, StoredRecord } from '../../../agent/ports/record-store.ts';
import type { Uplink } from '../../../agent/ports/uplink.ts';
import type { BoxSeams } from './box.ts';
import { sha256 } from './box-ports.ts';

/** What stands between an agent and its broker, told of every message that comes down. */
function between(
  real: Uplink,
  down: (payload: { topic: string; payload: string }) => string,
  published?: Published,
): Uplink {
  let listener: Parameters<Uplink['open']>[0] = () => {};
  return {
    ...real,
    open(listen) {
      listener = listen;
      real.open((news) => listen(news.on === 'message' ? { ...news, payload: down(news) } : news));
    },
    publish: (topic, payload, done) =>
      real.publish(topic, payload, (taken) => {
        done(taken);
        const answer = taken ? published?.(topic, payload) : undefined;
        if (answer !== undefined) listener({ on: 'message', ...answer });
      }),
  };
}
type Published = (topic: string, payload: string) => { topic: string; payload: string } | undefined;

/** A box that takes the broker's word for the central's. */
export const receiptOnPuback = (real: Uplink): Uplink =>
  between(
    real,
    ({ payload }) => payload,
    (topic, payload) => {
      if (!topic.endsWith('/up/records')) return undefined;
      const { device, epoch, from, bodies } = JSON.parse(payload);
      const receipt = { device, epoch, upTo: from + bodies.length - 1, head: sha256(bodies.at(-1)) };
      return { topic: topic.replace('/up/records', '/down/receipt'), payload: JSON.stringify(receipt) };
    },
  );

/** A box that never hears that the central holds another history. */
export const neverDisagrees = (real: Uplink): Uplink =>
  between(real, ({ topic, payload }) => {
    if (!topic.endsWith('/down/welcome')) return payload;
    const welcome = JSON.parse(payload);
    return JSON.stringify({ ...welcome, receipt: { ...welcome.receipt, upTo: 0 } });
  });

const LAZY = seconds(20);

/** Says that a group is on the medium at once, and puts it there later, or when somebody reads. */
export const answersTooSoon: NonNullable<BoxSeams['store']> = (store, clock, life) => {
  let waiting: (readonly StoredRecord[])[] = [];
  const flush = (): void => {
    if (!life.alive()) return;
    for (const group of waiting) store.append(group, () => {});
    waiting = [];
  };
  const lazy: RecordStore = {
    ...store,
    append(records, done: (kept: Kept) => void) {
      if (records.length === 0) return store.append(records, done);
      waiting.push(records);
      if (waiting.length === 1) clock.after(LAZY, flush);
      clock.after(seconds(0), () => life.alive() && done('kept'));
    },
    openEpoch(epoch, reason, done) {
      flush();
      store.openEpoch(epoch, reason, done);
    },
    read(from, limit, done) {
      flush();
      store.read(from, limit, done);
    },
  };
  return lazy;
};
