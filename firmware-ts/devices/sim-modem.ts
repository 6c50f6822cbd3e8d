import type { LineCheck, Rung, SwitchEnd } from '../../agent/model/sim-sight.ts';
import type { SimModem } from '../../agent/ports/sim-modem.ts';
import type { AskOptions, AtAnswer } from './at/channel.ts';
import { AT_ONCE, type AtCommand, order } from './at/command.ts';
import { activateContext, attach, CONTEXTS, contextAddress, defineContext } from './at/commands/data-context.ts';
import { IMSI } from './at/commands/identity.ts';
import { OPERATOR, selectNetwork } from './at/commands/operator.ts';
import { CARD_LOCKED, PIN_STATE, type PinState } from './at/commands/pin.ts';
import { radioPower } from './at/commands/radio-power.ts';
import { isDefinitive, type Registration, registrationCauses } from './at/commands/registration.ts';
import type { CarrierDialect, Dialect, SlotDialect } from './at/dialects/dialect.ts';
import { answered, firstOf, type Modem } from './modem.ts';
import { createPinKeeper } from './pin-keeper.ts';
import { readRegistration } from './radio.ts';
import { slotInUse } from './sim-card.ts';

type Rules = {
  /** Whether a registration abroad counts as one: roaming is barred by default (S-5). */
  readonly roaming?: boolean;
};

const CONTEXT = 1;
const SWAP: AskOptions = { priority: 'swap' };

/** A swap on a modem: slot, card, network and data context by its dialect. Telemetry waits while it asks. */
export function createSimModem(modem: Modem, rules: Rules = {}): SimModem {
  return {
    look: (done) => givenUp((ask) => look(modem, ask), modem, done),
    choose: (slot, done) => void choose(modem, slot).then(done),
    climb: (rung, done) => void climb(modem, rung).then(() => done()),
    fit: (done) => void carrierByCard(modem).then(done),
    check: (accessPoint, done) => givenUp((ask) => check(modem, ask, { accessPoint, ...rules }), modem, done),
    open: (pin, done) => void open(modem, pin).then(done),
    serve: (on, done) => void modem.ask(selectNetwork(on ? 'automatic' : 'none'), SWAP).then(() => done()),
  };
}

/** A command as part of a question that may be given up. */
type Ask = <T>(command: AtCommand<T>) => Promise<AtAnswer<T>>;

function givenUp<T>(question: (ask: Ask) => Promise<T>, modem: Modem, done: (answer: T) => void): () => void {
  const giving = new AbortController();
  const options = { ...SWAP, signal: giving.signal };
  void question((command) => modem.ask(command, options)).then((answer) => {
    if (!giving.signal.aborted) done(answer);
  });
  return () => giving.abort();
}

type Sight = Parameters<Parameters<SimModem['look']>[0]>[0];

async function look(modem: Modem, ask: Ask): Promise<Sight> {
  const dialect = await modem.dialect();
  if (dialect === undefined) return undefined;
  const pin = await ask(PIN_STATE);
  if (pin.at === 'lost' || pin.at === 'silent') return undefined;
  const slot = dialect.slot && answered(await ask(slotInUse(dialect.slot)));
  const inserted = pin.at === 'answered';
  const isOpen = inserted && pin.value.wants === 'nothing';
  const iccid = inserted ? await firstOf(ask, dialect.iccid) : undefined;
  const carrier = dialect.carrier && (await carrierIn(dialect.carrier, ask));
  if (carrier === 'silent') return undefined;
  return {
    slot: slot === 1 || slot === 2 ? slot : undefined,
    iccid,
    imsi: isOpen ? answered(await ask(IMSI)) : undefined,
    accessPoint: await accessPointOf(ask),
    pin: inserted ? pinOf(pin.value) : undefined,
    locked: inserted ? answered(await ask(CARD_LOCKED)) : undefined,
    carrier,
  };
}

function pinOf({ wants }: PinState): 'open' | 'asked' | 'blocked' | undefined {
  if (wants === 'nothing' || wants === 'pin2' || wants === 'puk2') return 'open';
  return wants === 'pin' ? 'asked' : 'blocked';
}

/**
 * A model of the family that does not know the setting has no configuration of one carrier either. A modem that fell silent
 * is not known to have none.
 */
async function carrierIn(carrier: CarrierDialect, ask: Ask): Promise<string | 'silent' | undefined> {
  const { ask: send, claims, active, anyCard } = carrier;
  const named = { send: [send], claims, read: (lines: readonly string[]) => nameIn(lines, active), patience: AT_ONCE };
  const said = await ask(named);
  if (said.at === 'refused' || said.at === 'unreadable') return undefined;
  if (said.at !== 'answered') return 'silent';
  return anyCard.test(said.value) ? undefined : said.value.slice(0, 100);
}

const nameIn = (lines: readonly string[], active: RegExp): string | undefined =>
  lines.map((line) => active.exec(line)?.[1]).find((name) => name !== undefined);

/** The choice is made at a start: the modem is started even where it refused a word of it. */
async function carrierByCard(modem: Modem): Promise<void> {
  const dialect = await modem.dialect();
  for (const word of dialect?.carrier?.anew ?? []) await modem.ask(order(word), SWAP);
  for (const step of restartOf(dialect)) await modem.ask(step, SWAP);
}

async function accessPointOf(ask: Ask): Promise<string | undefined> {
  const contexts = answered(await ask(CONTEXTS));
  return contexts?.find(({ id }) => id === CONTEXT)?.accessPoint || undefined;
}

/** The radio comes back on whatever happened in between: a modem that is left without it is a site without a line. */
async function choose(modem: Modem, slot: 1 | 2): Promise<SwitchEnd> {
  const dialect = await modem.dialect();
  if (dialect === undefined) return { so: 'lost' };
  if (dialect.slot === undefined) return { so: 'refused', why: 'the modem has one card holder', final: true };
  const { ask, release } = modem.channel.hold();
  try {
    await ask(radioPower(0), SWAP);
    const said = await chooseHolder(ask, dialect.slot, slot);
    const back = said.at === 'answered' && dialect.slot.settles === 'restart' ? dialect.restart : radioPower(1);
    await ask(back, SWAP);
    return endOf(said);
  } finally {
    release();
  }
}

async function chooseHolder(ask: Modem['ask'], { before, choose, first }: SlotDialect, slot: 1 | 2) {
  for (const door of before) await ask(order(door), SWAP);
  return ask(order(choose.replace('{slot}', String(slot - 1 + first))), SWAP);
}

function endOf(said: AtAnswer<true>): SwitchEnd {
  if (said.at === 'answered') return { so: 'done' };
  if (said.at !== 'refused') return { so: 'lost' };
  return { so: 'refused', why: `the modem refused the card holder: ${said.refusal.says}`, final: true };
}

async function climb(modem: Modem, rung: Rung): Promise<void> {
  const dialect = await modem.dialect();
  const steps: readonly AtCommand<true>[] =
    rung === 'radio-cycle' ? [radioPower(0), radioPower(1)] : restartOf(dialect);
  for (const step of steps) await modem.ask(step, SWAP);
}

/** The tries are read before each code, and the last is not spent. */
async function open(modem: Modem, pin: string): Promise<boolean> {
  const keeper = createPinKeeper(modem);
  const asks = answered(await modem.ask(PIN_STATE, SWAP))?.wants !== 'nothing';
  if (asks && (await keeper.enter(pin)).so !== 'accepted') return false;
  // Where the card stays locked its next start would leave the site without a line.
  return (await keeper.lock(false, pin)).so === 'accepted';
}

const restartOf = (dialect: Dialect | undefined): readonly AtCommand<true>[] =>
  dialect === undefined ? [] : [dialect.restart];

type Wanted = Rules & { readonly accessPoint: string | undefined };

async function check(modem: Modem, ask: Ask, wanted: Wanted): Promise<LineCheck | undefined> {
  if ((await modem.dialect()) === undefined) return undefined;
  // A line that was out of service looks for no network; one that has one is not disturbed.
  const operator = answered(await ask(OPERATOR));
  if (operator?.selected === 'none') await ask(selectNetwork('automatic'));
  await ask(registrationCauses('CEREG'));
  const registration = await readRegistration({ ask });
  if (registration === undefined) return undefined;
  const { state, messagesOnly } = registration;
  const isServed = !messagesOnly && (state === 'home' || (state === 'roaming' && wanted.roaming === true));
  return {
    registered: state === 'home' || state === 'roaming' ? state : 'no',
    refusedFor: refusalOf(registration),
    carries: isServed && (await carries(ask, wanted)),
  };
}

/** Causes of the maker are in no list: they are waited out. */
const refusalOf = ({ reject, state }: Registration): number | undefined =>
  state === 'denied' && reject !== undefined && !reject.ofMaker && isDefinitive(reject.cause)
    ? reject.cause
    : undefined;

async function carries(ask: Ask, { accessPoint }: Wanted): Promise<boolean> {
  if (accessPoint !== undefined) await ask(defineContext({ id: CONTEXT, type: 'IPV4V6', accessPoint }));
  await ask(attach(true));
  const raised = await ask(activateContext(CONTEXT, true));
  if (raised.at !== 'answered') return false;
  const address = answered(await ask(contextAddress(CONTEXT)));
  return address?.address !== undefined;
}
