import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type CallQuality, RecordSchema } from '../../agent/model/record.ts';
import type { Line } from '../kernel/control-socket.ts';
import { enterSandbox } from './enter-sandbox.ts';
import { openStage, type Stage } from './stage.ts';

const USAGE = `usage: relais site voice-quality [--up 0.04] [--down 0.08] [--seconds 24]

A call over an access line that loses so many packets each way (0 to 1). Prints one JSON object: what the box recorded of
the call's quality, and what phone and operator themselves sent and heard.
`;

export async function voiceQuality(argv: readonly string[]): Promise<number> {
  const options = {
    up: { type: 'string', default: '0.04' },
    down: { type: 'string', default: '0.08' },
    seconds: { type: 'string', default: '24' },
    help: { type: 'boolean', default: false },
  } as const;
  const { up, down, seconds, help } = parseArgs({ args: [...argv], options }).values;
  if (help) {
    process.stdout.write(USAGE);
    return 0;
  }
  return enterSandbox(['voice-quality', ...argv], () => live(Number(up), Number(down), Number(seconds)));
}

/** Status 0 when the box recorded the call's quality; how good the estimate is, whoever reads it judges. */
async function live(up: number, down: number, seconds: number): Promise<number> {
  const order = { holdOffMs: 4_000, leaseMicroEuro: 2_000_000, leaseBundleSeconds: 600 };
  const stage = await openStage(order, { supervised: false });
  try {
    await stage.agentLog.until('the agent starts', (line) => line.msg === 'agent started', 20_000);
    await stage.phone.ask({ do: 'register' });
    const phone = await callOver(stage, { up, down, seconds });
    // The operator's side hears of the end a moment later, and the box looks at its counters within a second.
    await pause(2_000);
    const peer = lastCall(await stage.peer.ask({ do: 'report' }));
    await stage.stopAgent();
    const recorded = await qualityIn(stage);
    const log = stage.agentLog.all().filter((line) => Number(line.level) >= 40);
    process.stdout.write(`${JSON.stringify({ recorded: recorded ?? null, phone, peer, log })}\n`);
    return recorded === undefined ? 1 : 0;
  } finally {
    await stage.close();
  }
}

type Wish = { readonly up: number; readonly down: number; readonly seconds: number };

/** The line loses packets once the call stands: its signalling is not the point. Answers what the phone saw. */
async function callOver(stage: Stage, { up, down, seconds }: Wish): Promise<Line> {
  const { main } = stage.site.lines;
  await stage.phone.ask({ do: 'call', number: '112' });
  await pause(1_500);
  await main.ask({ do: 'rules', direction: 'up', loss: up });
  await main.ask({ do: 'rules', direction: 'down', loss: down });
  await pause(1_000 * seconds);
  await main.ask({ do: 'rules', loss: 0 });
  await stage.phone.ask({ do: 'hangup' });
  await pause(500);
  return lastCall(await stage.phone.ask({ do: 'report' }));
}

function lastCall(report: Line): Line {
  const call: unknown = Array.isArray(report.calls) ? report.calls.at(-1) : undefined;
  return typeof call === 'object' && call !== null ? Object.fromEntries(Object.entries(call)) : {};
}

async function qualityIn(stage: Stage): Promise<CallQuality | undefined> {
  const events = (await stage.ledgerRecords()).map((record) => RecordSchema.parse(record).event);
  return events.find((event) => event.kind === 'call-quality');
}
