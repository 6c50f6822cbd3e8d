import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { leanFlags } from '../../../firmware-ts/wires/node/lean-flags.ts';
import { createLines } from '../../demo/json-lines.ts';
import { relais } from '../../demo/relais.ts';
import { runIn, startIn } from '../../kernel/namespaces.ts';
import { SANDBOX_DIRECTORY } from '../../kernel/sandbox.ts';
import type { CallerOrder, CallerReport } from '../sip-caller.ts';
import type { Delays } from './delays.ts';
import { startHelper } from './helper-process.ts';
import { SERVER } from './phone-text.ts';
import { layCables, NAMESPACES, provision } from './site.ts';

export type Cost = {
  readonly cpuMicros: number;
  readonly rss: number;
  readonly heap: number;
  readonly timers: number;
};
/** `up` was measured by the operator, `down` (in the report) by the phones. */
export type Phase = { readonly phones: CallerReport; readonly up: Delays; readonly cpuMicros: number };

export interface Stage {
  phase(order: CallerOrder): Promise<Phase>;
  cost(): Promise<Cost>;
  /** SIP through the relay, or straight through the kernel; phones speak from ports that were not used before. */
  lead(way: 'relay' | 'kernel'): Promise<void>;
  /** Money is lent and the agent is on its own from here on: no broker, no central. */
  goOffline(): Promise<void>;
  /** The records of calls that ended, oldest first; the agent ends before. */
  endAgent(): Promise<readonly unknown[]>;
  close(): Promise<void>;
}

const BOX_CORE = 0;
const OTHER_CORE = 1;
const FIRST_PORT = 6_000;
const PORTS_APART = 1_000;
const PATIENCE_MS = 30_000;

const bench = (file: string): string => fileURLToPath(new URL(`../${file}`, import.meta.url));

/** The agent has a core of its own; phones, operator and everybody else share the other. */
export async function openStage(phones: number, greedy: boolean): Promise<Stage> {
  const { phones: lan, box, operator } = NAMESPACES;
  await layCables(phones);
  const site = provision();
  const broker = startIn(operator, [
    ...(['sh', '-c', 'exec "$@" 2>/dev/null', 'sh'] as const),
    ...['mosquitto', '-c', join(site.registry, 'broker', 'mosquitto.conf')],
  ]);
  await listening(operator, '203.0.113.20:1883');
  const log = createLines();
  const words = ['--directory', site.registry, '--broker', '203.0.113.20:1883', '--state', site.centralState];
  const central = startIn(operator, relais('central', ...words), log.hear);
  const argv = ['--expose-gc', ...leanFlags(), bench('sip-agent.js'), '--config', site.box];
  const agent = await startHelper({ namespace: box, core: BOX_CORE, greedy }, argv, (word) => word === 'beat');
  const isReady = (word: unknown): boolean => word === 'ready';
  const seat = { core: OTHER_CORE, greedy };
  const serving = [bench('sip-answerer.js'), SERVER, '5060'];
  const answerer = await startHelper({ ...seat, namespace: operator }, serving, isReady);
  let firstPort = FIRST_PORT;
  const startCaller = () => {
    const calling = [bench('sip-caller.js'), String(firstPort), String(phones)];
    return startHelper({ ...seat, namespace: lan }, calling, isReady);
  };
  let caller = await startCaller();
  await log.until('a lease is granted', (line) => line.msg === 'lease granted', PATIENCE_MS);

  const cost = (): Promise<Cost> => agent.ask('cost', 'cost');
  return {
    cost,
    async phase(order) {
      const before = await cost();
      await answerer.ask('take', 'delays');
      const report = await caller.ask<CallerReport>(order, 'report');
      const up = await answerer.ask<Delays>('take', 'delays');
      return { phones: report, up, cpuMicros: (await cost()).cpuMicros - before.cpuMicros };
    },
    async lead(way) {
      const words = way === 'relay' ? `add element inet relais relayed { ${SERVER} . 5060 }` : FLUSH;
      await runIn(box, ['nft', words]);
      await caller.end();
      firstPort += PORTS_APART;
      caller = await startCaller();
    },
    async goOffline() {
      await central.end();
      await broker.end();
    },
    async endAgent() {
      await agent.end();
      const file = join(SANDBOX_DIRECTORY, 'ended');
      // A hundred thousand calls leave more than a command may answer with.
      const script = `"$@" | grep '"kind":"call-ended"' > ${file}`;
      await runIn(box, ['sh', '-c', script, 'sh', ...relais('ledger', 'list', '--config', site.box)]);
      return readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line): unknown => JSON.parse(line));
    },
    async close() {
      for (const one of [caller, answerer]) await one.end();
    },
  };
}

const FLUSH = 'flush set inet relais relayed';

async function listening(namespace: string, address: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if ((await runIn(namespace, ['ss', '-Hltn', 'src', address])).trim() !== '') return;
    await pause(50);
  }
  throw new Error(`nobody listens on ${address} in ${namespace}`);
}
