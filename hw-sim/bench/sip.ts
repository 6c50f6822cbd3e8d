/**
 * SIP through the relay of a real agent, with real datagrams between network namespaces, against the kernel's own
 * forwarding in the same run: messages a second on one core, what the relay adds to their delay, two hundred calls
 * metered at once, and memory over many calls.
 *
 *   npm run build && node dist/hw-sim/bench/sip.js [--seconds 10] [--calls 100000] [--calls-per-second 150] [--phones 50] [--greedy]
 *
 * The agent has one core and everybody else the other, so that messages a second of CPU hold on a busy machine too; with
 * --greedy (nice -20) the delays nearly do as well.
 * Prints one JSON object; needs root or user namespaces, nft, mosquitto. Status 0 only if the aims are met.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { RecordSchema } from '../../agent/model/record.ts';
import { checkSandbox, holdLifeline, insideSandbox, runInSandbox } from '../kernel/sandbox.ts';
import { addedDelay, capacity, manyCalls, meteredCalls } from './sip/measures.ts';
import { MOST_PHONES } from './sip/site.ts';
import { openStage } from './sip/stage.ts';

const options = {
  seconds: { type: 'string', default: '10' },
  calls: { type: 'string', default: '100000' },
  'calls-per-second': { type: 'string', default: '150' },
  phones: { type: 'string', default: '50' },
  greedy: { type: 'boolean', default: false },
} as const;

/** Of each of the two hundred calls. */
const TALK_SECONDS = 20;
const AIMS = { messagesPerCoreSecond: 5_000, addedP99Micros: 2_000 };

async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options });
  const seconds = positive('seconds', values.seconds);
  const calls = positive('calls', values.calls);
  const perSecond = positive('calls-per-second', values['calls-per-second']);
  const phones = positive('phones', values.phones);
  if (phones > MOST_PHONES) throw new Error(`--phones ${phones}: the LAN of the bench has room for ${MOST_PHONES}`);
  if (!insideSandbox()) {
    await checkSandbox({ tun: false });
    return runInSandbox({ command: process.execPath, args: [fileURLToPath(import.meta.url), ...argv] });
  }
  holdLifeline(() => process.exit(130));
  const say = (what: string, found: unknown): void => {
    process.stderr.write(`${what}: ${JSON.stringify(found)}\n`);
  };
  const stage = await openStage(phones, values.greedy);
  const delay = await addedDelay(stage, seconds);
  say('added delay at 1,000 messages a second (µs)', delay);
  const throughput = await capacity(stage, seconds);
  say('messages a second', throughput);
  const metered = await meteredCalls(stage, TALK_SECONDS);
  say('two hundred calls at once', metered);
  await stage.goOffline();
  const memory = await manyCalls(stage, { calls, perSecond, told: (line) => say('memory', line) });
  const records = await stage.endAgent();
  await stage.close();
  const ended = records.flatMap((record) => {
    const { event } = RecordSchema.parse(record);
    return event.kind === 'call-ended' ? [event] : [];
  });
  const books = {
    ended: ended.length,
    metered: ended.filter(({ seconds: told }) => told === TALK_SECONDS || told === TALK_SECONDS + 1).length,
  };
  process.stdout.write(`${JSON.stringify({ delay, throughput, metered, memory, books }, null, 1)}\n`);
  const met =
    throughput.relay.perCoreSecond >= AIMS.messagesPerCoreSecond &&
    delay.added.p99 <= AIMS.addedP99Micros &&
    metered.holds &&
    books.metered === metered.answered &&
    memory.every(({ lost }) => lost === 0);
  return met ? 0 : 1;
}

function positive(name: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`--${name} ${text}: write a whole number above 0`);
}

process.exitCode = await main(process.argv.slice(2));
