import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type HelperProcess, startHelper } from '../sip/helper-process.ts';
import { type CallHeard, type Judged, judge, round } from './judge.ts';
import { INTERNET, lineUse, OPERATOR, setLine } from './line.ts';
import { setBareWay, setWay, type Way } from './ways.ts';

export type Load = 'none' | 'tcp' | 'udp';
export type Case = {
  readonly way: Way;
  readonly kbps: number;
  readonly calls: number;
  readonly load: Load;
  /** Calls that the site has subscribed. */
  readonly channels: number;
};
export type Result = Case & {
  readonly up: Judged;
  readonly down: Judged;
  /** Share of the line that was used, and what data got of it at its receivers (kbit/s). */
  readonly use: { readonly up: number; readonly down: number };
  readonly data: { readonly upKbps: number; readonly downKbps: number };
};

/** Processes at both ends, for all cases. */
export interface Ends {
  run(one: Case, times: { readonly settle: number; readonly seconds: number }): Promise<Result>;
  end(): Promise<void>;
}

const CORES = { phones: 0, core: Math.min(1, availableParallelism() - 1) };
/** More than the line carries, so that UDP fills every queue. */
const FLOOD = 1.4;
/** Until a load is over, what waits in the line included (ms). */
const AFTER_MS: Readonly<Record<Load, number>> = { none: 100, tcp: 1_200, udp: 3_200 };

/** `bare`: the kernel has netem, and no rules of ours. */
export async function openEnds(bare: boolean): Promise<Ends> {
  const start = (namespace: string, core: number, greedy: boolean, argv: readonly string[]): Promise<HelperProcess> =>
    startHelper({ namespace, core, greedy }, argv, (word) => word === 'ready');
  const file = (name: string): string => fileURLToPath(new URL(`../${name}.js`, import.meta.url));
  const far = await start('core', CORES.core, true, [file('qos-voice'), OPERATOR]);
  const phone = await start('phones', CORES.phones, true, [file('qos-voice'), '192.168.10.10', OPERATOR]);
  const sink = await start('core', CORES.core, false, [file('qos-load'), INTERNET]);
  const office = await start('office', CORES.phones, false, [file('qos-load'), '192.168.20.10', INTERNET]);
  const all = [phone, office, far, sink];
  const both = async <T>(word: unknown, name: string, pair: readonly HelperProcess[]): Promise<readonly T[]> =>
    Promise.all(pair.map((one) => one.ask<T>(word, name)));
  return {
    async run(one, { settle, seconds }) {
      await setLine(one.kbps, bare ? 'holds' : 'waits');
      const put = bare ? setBareWay : setWay;
      const close = await put(one.way, one.kbps, one.calls, one.channels);
      await office.ask({ load: one.load, kbps: one.kbps * FLOOD }, 'begun');
      await pause(settle * 1_000);
      await both({ calls: one.calls }, 'begun', [far, phone]);
      await pause(300);
      await both({ calls: one.calls }, 'begun', [far, phone]);
      await both('mark', 'marked', [sink, office]);
      const use = await lineUse(one.kbps, seconds);
      const [bytesUp = 0, bytesDown = 0] = await both<number>('take', 'bytes', [sink, office]);
      // What is on the way arrives before it is judged.
      const heard = await both<readonly CallHeard[]>('take', 'heard', [far, phone]);
      await office.ask({ load: 'none', kbps: 0 }, 'begun');
      await both({ calls: 0 }, 'begun', [far, phone]);
      await pause(AFTER_MS[one.load]);
      close();
      const kbpsOf = (bytes: number): number => Math.round((bytes * 8) / seconds / 1_000);
      return {
        ...one,
        up: judge(heard[0] ?? []),
        down: judge(heard[1] ?? []),
        use: { up: round(use.up, 3), down: round(use.down, 3) },
        data: { upKbps: kbpsOf(bytesUp), downKbps: kbpsOf(bytesDown) },
      };
    },
    async end() {
      for (const one of all) await one.end();
    },
  };
}
