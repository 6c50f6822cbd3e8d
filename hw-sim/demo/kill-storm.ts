import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { RecordSchema } from '../../agent/model/record.ts';
import { seededFractions } from '../kernel/seeded-random.ts';
import { type BoxReport, type CentralReport, drained, sameCharges, sum } from './books.ts';
import { enterSandbox } from './enter-sandbox.ts';
import { openStage, type Stage } from './stage.ts';
import type { Check } from './verdict.ts';

const USAGE = `usage: relais site kill-storm [--count 50] [--seed 1]

Kills the agent again and again at random points while calls run, then holds the box's ledger against the central's.
Prints one JSON object; exit status 0 only if no record was lost or doubled.
`;

/** Numbers of the example tariff: paid, in the bundle, emergency. */
const NUMBERS = ['0021620123456', '0199000001', '0021620123456', '112'];
const CALLERS = ['192.168.10.10', '192.168.10.11', '192.168.10.12'];
/** Calls in progress at the last kill are found lost by the silence of their RTP: 20 s, a look every 5 s, and a box that starts slowly. */
const SILENCE_MS = 45_000;

export async function killStorm(argv: readonly string[]): Promise<number> {
  const options = {
    count: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  } as const;
  const { count, seed, help } = parseArgs({ args: [...argv], options }).values;
  if (help) {
    process.stdout.write(USAGE);
    return 0;
  }
  return enterSandbox(['kill-storm', ...argv], () => storm(Number(count), seededFractions(Number(seed))));
}

async function storm(count: number, dice: () => number): Promise<number> {
  const order = { holdOffMs: 4_000, leaseMicroEuro: 2_000_000, leaseBundleSeconds: 600 };
  const stage = await openStage(order, { supervised: false });
  try {
    await stage.agentLog.until('the agent starts', (line) => line.msg === 'agent started', 20_000);
    const calling = { over: false };
    const callers = CALLERS.map((address) => callOn(stage, address, dice, calling));
    for (let kills = 0; kills < count; kills += 1) await killOnce(stage, dice);
    calling.over = true;
    const completed = (await Promise.all(callers)).flat();
    await pause(SILENCE_MS);
    const [box, central] = await drained(stage);
    const recorded = endsByCallId(await stage.ledgerRecords());
    const checks = [...booksAfter(box, central, completed.length), traceable(completed, recorded)];
    const holds = checks.every((check) => check.holds);
    process.stdout.write(
      `${JSON.stringify({ holds, kills: count, completed: completed.length, records: box.records, calls: box.calls.length, checks })}\n`,
    );
    return holds ? 0 : 1;
  } finally {
    await stage.close();
  }
}

/** Kills the agent at a random moment: while it starts, or in the middle of its work. It is up again when this answers. */
async function killOnce(stage: Stage, dice: () => number): Promise<void> {
  if (dice() < 0.3) {
    stage.killStarted();
    stage.startAgent();
    await pause(dice() * 700);
  } else await pause(dice() * 2_500);
  const from = stage.agentLog.all().length;
  stage.killStarted();
  stage.startAgent();
  await stage.agentLog.until('the agent is back', (line) => line.msg === 'agent started', 20_000, from);
}

/** One caller: one call after the other until it is over. Answers the Call-IDs that went through from INVITE to the end of BYE. */
async function callOn(
  stage: Stage,
  address: string,
  dice: () => number,
  calling: { readonly over: boolean },
): Promise<readonly string[]> {
  const completed: string[] = [];
  for (let count = 1; !calling.over; count += 1) {
    const callId = `storm-${count}@${address}`;
    const number = NUMBERS[Math.floor(dice() * NUMBERS.length)] ?? '112';
    const scenario = number === '112' ? 'emergency' : 'outgoing';
    const ms = Math.floor(200 + dice() * 1_500);
    if (await stage.sipp({ scenario, number, address, ms, callId })) completed.push(callId);
    await pause(50);
  }
  return completed;
}

function booksAfter(box: BoxReport, central: CentralReport, completed: number): readonly Check[] {
  const device = central.devices[0] ?? { received: 0, rated: 0, grantedTicks: 0, returnedTicks: 0, setAside: 0 };
  const calls = box.calls.map((call) => call.call);
  const spent = sum(box.charges);
  const lent = device.grantedTicks - device.returnedTicks;
  return [
    {
      name: 'records on the box = received = rated, none set aside',
      holds: box.records === device.received && device.received === device.rated && device.setAside === 0,
      found: `${box.records} = ${device.received} = ${device.rated}`,
    },
    { name: 'no call ended twice', holds: new Set(calls).size === calls.length, found: `${calls.length} calls` },
    {
      name: 'every call that was completed has a record',
      holds: completed > 0 && calls.length >= completed,
      found: `${completed} completed, ${calls.length} recorded`,
    },
    { name: 'no call left open', holds: box.open === 0, found: `${box.open} open` },
    {
      name: 'charges equal on both sides',
      holds: box.charges.length > 0 && sameCharges(box.charges, central.charges),
      found: `${box.charges.length} and ${central.charges.length}`,
    },
    {
      name: 'spent ≤ lent',
      holds: spent <= lent && spent > 0,
      found: `${spent} ≤ ${lent} ticks`,
    },
  ];
}

/** How often the ledger ends the calls of each Call-ID. */
function endsByCallId(records: readonly unknown[]): ReadonlyMap<string, number> {
  const events = records.map((record) => RecordSchema.parse(record).event);
  const callIds = new Map(
    events.flatMap((event) => (event.kind === 'call-admitted' ? [[event.call, event.dialog.sipCallId]] : [])),
  );
  const ends = new Map<string, number>();
  for (const event of events) {
    const callId = event.kind === 'call-ended' ? callIds.get(event.call) : undefined;
    if (callId !== undefined) ends.set(callId, (ends.get(callId) ?? 0) + 1);
  }
  return ends;
}

/** One by one: a total that is large enough could hide a call that is missing. */
function traceable(completed: readonly string[], ends: ReadonlyMap<string, number>): Check {
  const astray = completed.filter((callId) => ends.get(callId) !== 1);
  return {
    name: 'each completed call is ended once, by its Call-ID',
    holds: astray.length === 0,
    found: astray.length === 0 ? `${completed.length} of ${completed.length}` : astray.join(', '),
  };
}
