import type { FaxModemNews, ModemOrder } from '../model/fax-modem.ts';
import type { FaxLine } from '../ports/fax-modem.ts';

/** The modem as one bridge sees it: its orders can be held back, and it hears what it is told. */
export type GatedLine = FaxLine & {
  hear(news: FaxModemNews): void;
  /** Orders wait until the gate is opened: a machine is told of a confirmation when its record is on the medium. */
  shut(): void;
  open(): void;
};

export function createGatedLine(order: (order: ModemOrder) => void): GatedLine {
  let listener: (news: FaxModemNews) => void = () => undefined;
  let waiting: ModemOrder[] = [];
  let shut = 0;
  return {
    order: (wanted) => {
      if (shut > 0) waiting.push(wanted);
      else order(wanted);
    },
    listen(next) {
      listener = next;
    },
    hear: (news) => listener(news),
    shut() {
      shut += 1;
    },
    open() {
      shut -= 1;
      if (shut > 0) return;
      const held = waiting;
      waiting = [];
      for (const one of held) order(one);
    },
  };
}
