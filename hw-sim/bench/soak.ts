/**
 * Soak of the whole road with real processes: agents with their ledgers, Mosquitto with the provisioned passwords and
 * rules, the central, and PostgreSQL where it is used. Each is killed at random; at the end every sum must be equal.
 *
 *   npm run build && node dist/hw-sim/bench/soak.js [--minutes 10] [--seed 1] [--store sqlite|postgres] [--centrals 1]
 *                                                  [--boxes 4] [--every-ms 1500]
 *
 * Says each blow on standard error and the verdict as one JSON object; status 0 only if everything holds.
 */
import { parseArgs } from 'node:util';
import { soak } from '../soak/soak.ts';

const options = {
  minutes: { type: 'string', default: '10' },
  seed: { type: 'string', default: '1' },
  store: { type: 'string', default: 'sqlite' },
  centrals: { type: 'string', default: '1' },
  boxes: { type: 'string', default: '4' },
  'every-ms': { type: 'string', default: '1500' },
} as const;

async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options });
  const verdict = await soak({
    seconds: positive('minutes', values.minutes) * 60,
    seed: positive('seed', values.seed),
    store: storeNamed(values.store),
    centrals: positive('centrals', values.centrals),
    boxes: positive('boxes', values.boxes),
    every: positive('every-ms', values['every-ms']),
    hear: (news) => process.stderr.write(`${JSON.stringify(news)}\n`),
  });
  process.stdout.write(`${JSON.stringify(verdict, null, 1)}\n`);
  return verdict.holds ? 0 : 1;
}

function storeNamed(name: string): 'sqlite' | 'postgres' {
  if (name === 'sqlite' || name === 'postgres') return name;
  throw new Error(`--store ${name}: write sqlite or postgres`);
}

function positive(name: string, text: string): number {
  const number = Number(text);
  if (Number.isFinite(number) && number > 0) return number;
  throw new Error(`--${name} ${text}: write a number above 0`);
}

process.exitCode = await main(process.argv.slice(2));
