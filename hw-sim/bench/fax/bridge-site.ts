import type { BridgeNews } from '../../../agent/fax/bridge/bridge-state.ts';
import type { Clock } from '../../../agent/ports/clock.ts';
import type { FaxLine } from '../../../agent/ports/fax-modem.ts';
import { createFaxBridge, type FaxBridge } from '../../../agent/runtime/fax-bridge.ts';
import { createTurns } from '../../../agent/runtime/turns.ts';

export type BridgeWish = {
  /** T38FaxMaxDatagram of the peer. */
  readonly largest?: number;
  readonly trainingCheck?: 'transferred' | 'local';
};

export type BridgeSite = {
  readonly bridge: FaxBridge;
  readonly news: readonly BridgeNews[];
  readonly isOver: () => boolean;
};

type Outside = { readonly send: (datagram: Uint8Array) => void; readonly faxHeard: () => void };

/** Our bridge on a modem, as an agent has it during a call, and what it told. */
export function createBridgeSite(clock: Clock, line: FaxLine, wish: BridgeWish, outside: Outside): BridgeSite {
  const news: BridgeNews[] = [];
  const bridge = createFaxBridge({
    line,
    clock,
    turns: createTurns(),
    send: outside.send,
    tell(one) {
      news.push(one);
      if (one.on === 'fax-heard') outside.faxHeard();
    },
    rules: {
      version: 0,
      largest: wish.largest ?? 1_400,
      repair: 'secondaries',
      maxBitRate: 14_400,
      ecm: true,
      trainingCheck: wish.trainingCheck ?? 'transferred',
    },
  });
  line.order({ do: 'set-up' });
  return { bridge, news, isOver: () => news.some(({ on }) => on === 'over') };
}
