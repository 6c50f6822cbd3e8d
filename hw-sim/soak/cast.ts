import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { relais } from '../demo/relais.ts';
import { type StoreSeat, sqliteSeat } from './central-store.ts';
import { freeTcpPort } from './free-port.ts';
import { HOST } from './office.ts';
import { postgresSeat } from './postgres-seat.ts';
import { provisionSites, type Sites } from './sites.ts';
import { createVictim, type Victim } from './victim.ts';

/** Who plays in a soak. */
export type CastOptions = {
  readonly store: 'sqlite' | 'postgres';
  /** Instances of the central on one store; more than one needs PostgreSQL. */
  readonly centrals: number;
  readonly boxes: number;
};

export type Cast = {
  readonly sites: Sites;
  readonly seat: StoreSeat;
  /** In the order of the boxes. */
  readonly agents: readonly Victim[];
  readonly broker: Victim;
  readonly centrals: readonly Victim[];
  /** What was said that must never be said of honest boxes, however often they were killed. */
  readonly complaints: readonly string[];
};

export type Closing = () => unknown;

type Stage = {
  readonly directory: string;
  /** Port of the operator's SIP server. */
  readonly serverPort: number;
  /** Gets what must be undone, the newest last. */
  readonly closing: Closing[];
};

/** Everybody on the stage and up: real Mosquitto, real central, real agents. */
export async function openCast(options: CastOptions, { directory, serverPort, closing }: Stage): Promise<Cast> {
  const brokerPort = await freeTcpPort();
  const sites = await provisionSites({ directory, boxes: options.boxes, brokerPort, serverPort });
  const seat = options.store === 'postgres' ? await postgresSeat(directory) : sqliteSeat(directory);
  closing.push(seat.close);
  const complaints: string[] = [];
  const hearOf =
    (who: string) =>
    (line: string): void => {
      if (isComplaint(line)) complaints.push(`${who}: ${line.slice(0, LONGEST_QUOTE)}`);
    };
  const broker = createVictim({
    name: 'broker',
    command: ['mosquitto', '-c', join(sites.registry, 'broker', 'mosquitto.conf')],
    ready: 'running',
  });
  const centrals = Array.from({ length: options.centrals }, (_, index) =>
    createVictim({
      name: `central-${index + 1}`,
      command: relais('central', ...centralWords(sites, seat, brokerPort)),
      environment: seat.environment,
      ready: 'broker connected',
      hear: hearOf(`central-${index + 1}`),
    }),
  );
  const agents = sites.boxes.map(({ device, file }) =>
    createVictim({
      name: device,
      command: [process.execPath, AGENT, '--config', file],
      ready: 'agent started',
      hear: hearOf(device),
    }),
  );
  for (const victim of [broker, ...centrals, ...agents]) closing.push(victim.end);
  await broker.start();
  await Promise.all([...centrals, ...agents].map((victim) => victim.start()));
  return { sites, seat, agents, broker, centrals, complaints };
}

export const victimsOf = ({ agents, broker, centrals, seat }: Cast): readonly Victim[] => [
  ...agents,
  broker,
  ...centrals,
  ...(seat.server === undefined ? [] : [seat.server]),
];

const AGENT = fileURLToPath(new URL('./agent-process.js', import.meta.url));
const LONGEST_QUOTE = 400;

const centralWords = (sites: Sites, seat: StoreSeat, brokerPort: number): readonly string[] => [
  ...['--directory', sites.registry, '--broker', `${HOST}:${brokerPort}`, '--state', seat.state],
];

const NEVER =
  /"msg":"(?:record refused|forked|rolled back|foreign lease|return refused|checkpoint forked|device key refused|ledger\.damaged)"|another history/;

/** A gap is what a lost message leaves, and the next one closes it. */
const isComplaint = (line: string): boolean => NEVER.test(line) && !line.includes('"why":"gap"');
