import { type Millis, millis, seconds } from '../model/units.ts';
import type { Clock } from '../ports/clock.ts';
import type { ProbeAnswer, Probes } from '../ports/probes.ts';

/** Whether anything answers from beyond the first hop of a link; asked at most so long. */
type Reach = (link: string, done: (answered: boolean) => void) => () => void;

/** Numbers of the questions of `reach`; the watch of a link would take years to count that far. */
const FIRST = 2 ** 31;
const QUESTIONS = 5;
const PACE: Millis = seconds(1);

/**
 * The probes of the links, and beside their watch a single look that anybody may take: five questions, one a second, and
 * the first answer decides. One socket a link serves both: the kernel leads it by its port.
 */
export function shareProbes(probes: Probes, clock: Clock): { readonly probes: Probes; readonly reach: Reach } {
  const asking = new Map<number, () => void>();
  let sequence = FIRST;
  const hear = (answer: ProbeAnswer, listen: (answer: ProbeAnswer) => void): void => {
    if (answer.sequence < FIRST) return listen(answer);
    asking.get(answer.sequence)?.();
  };
  return {
    probes: {
      open: (listen) => probes.open((answer) => hear(answer, listen)),
      send: (...asked) => probes.send(...asked),
      close: () => probes.close(),
    },
    reach(link, done) {
      const mine: number[] = [];
      let cancel = (): void => undefined;
      const end = (): void => {
        cancel();
        for (const number of mine) asking.delete(number);
      };
      const answered = (): void => {
        end();
        done(true);
      };
      const ask = (left: number): void => {
        if (left === 0) {
          end();
          return done(false);
        }
        sequence = sequence + 1 >= 2 ** 32 ? FIRST : sequence + 1;
        mine.push(sequence);
        asking.set(sequence, answered);
        // The timer first: an answer may be there before this call ends.
        cancel = clock.after(millis(PACE), () => ask(left - 1));
        probes.send(link, sequence);
      };
      ask(QUESTIONS);
      return end;
    },
  };
}
