import type { Signal } from '../../agent/ports/devices.ts';
import { OPERATOR, type Operator, operatorFormat } from './at/commands/operator.ts';
import { type Registration, registrationIn } from './at/commands/registration.ts';
import { EXTENDED_SIGNAL, SIGNAL, type SignalDetail } from './at/commands/signal.ts';
import type { Technology } from './at/commands/technology.ts';
import { answered, firstOf, type Modem } from './modem.ts';

/** S-12: what is seen of the radio; undefined where the modem did not say. */
export type RadioState = {
  readonly registration: Registration | undefined;
  readonly technology: Technology | undefined;
  readonly operator: Operator | undefined;
  readonly signal: Signal | undefined;
  readonly detail: SignalDetail | undefined;
  /** Degrees Celsius. */
  readonly temperature: number | undefined;
};

/** Asks for all of it. A part that fails is left out, the rest is told. */
export async function readRadio(modem: Modem): Promise<RadioState | undefined> {
  const dialect = await modem.dialect();
  if (dialect === undefined) return undefined;
  const signal = await modem.ask(SIGNAL);
  if (signal.at === 'lost' || signal.at === 'silent') return undefined;
  const registration = await readRegistration(modem);
  const operator = await readOperator(modem);
  return {
    registration,
    technology: operator?.technology ?? registration?.technology,
    operator,
    signal: answered(signal),
    detail: await firstOf(modem.ask, [dialect.signal, EXTENDED_SIGNAL]),
    temperature: dialect.temperature && answered(await modem.ask(dialect.temperature)),
  };
}

/**
 * 5G, then EPS, then the older two: a modem that serves the newest stands there, and one that stands nowhere says most of
 * what it knows (a reject cause) where it tried last.
 */
export async function readRegistration({ ask }: Pick<Modem, 'ask'>): Promise<Registration | undefined> {
  const all: Registration[] = [];
  for (const network of ['C5GREG', 'CEREG', 'CGREG', 'CREG'] as const) {
    const registration = answered(await ask(registrationIn(network)));
    if (registration !== undefined) all.push(registration);
  }
  const isServed = ({ state, messagesOnly }: Registration) =>
    (state === 'home' || state === 'roaming') && !messagesOnly;
  return (
    all.find(isServed) ??
    all.find(({ state }) => state === 'home' || state === 'roaming') ??
    all.find(({ reject }) => reject !== undefined) ??
    all.find(({ state }) => state === 'denied') ??
    all.find(({ state }) => state === 'searching') ??
    all[0]
  );
}

/** MCC and MNC of the network that serves the card (S-6, S-12); undefined where the modem gives a name alone. */
export async function readNetwork({ ask }: Pick<Modem, 'ask'>): Promise<string | undefined> {
  await ask(operatorFormat(2));
  return answered(await ask(OPERATOR))?.network;
}

/** Name and number are two formats of one answer (TS 27.007 7.3). */
async function readOperator({ ask }: Modem): Promise<Operator | undefined> {
  await ask(operatorFormat(2));
  const numbered = answered(await ask(OPERATOR));
  await ask(operatorFormat(0));
  const named = answered(await ask(OPERATOR));
  return numbered === undefined ? named : { ...numbered, name: named?.name };
}
