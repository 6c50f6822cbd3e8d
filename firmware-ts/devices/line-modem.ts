import type { LineModem } from '../../agent/ports/line-modem.ts';
import type { Ask, AskOptions } from './at/channel.ts';
import { AT_ONCE, type AtCommand, order } from './at/command.ts';
import { ACTIVE_CONTEXTS, activateContext, attach } from './at/commands/data-context.ts';
import { selectNetwork } from './at/commands/operator.ts';
import { registrationCauses, registrationReport } from './at/commands/registration.ts';
import type { Restriction } from './at/dialects/dialect.ts';
import { answered, type Modem } from './modem.ts';
import { readNetwork, readRegistration } from './radio.ts';

const CONTEXT = 1;
/** Before telemetry: what must not pass is stopped first. */
const LINE: AskOptions = { priority: 'message' };

/** TS 27.007 7.2, 10.1.20, 10.1.22, 10.1.47: each is told by itself from now on; a network that the modem has not is refused. */
const REPORTS: readonly AtCommand<true>[] = [
  order('AT+CREG=1'),
  order('AT+CGREG=1'),
  registrationCauses('CEREG'),
  registrationCauses('C5GREG'),
];

type Where = 'home' | 'roaming' | 'no' | undefined;

/** The mobile line on a modem, by its dialect. */
export function createLineModem(modem: Modem): LineModem {
  let reports = false;
  modem.channel.listen(({ on }) => {
    if (on === 'restarted' || on === 'lost') reports = false;
  });

  async function where(): Promise<readonly [where: Where, network?: string | undefined]> {
    if ((await modem.dialect()) === undefined) return [undefined];
    if (!reports) for (const report of REPORTS) await modem.ask(report, LINE);
    reports = true;
    const ask: Ask = (command) => modem.ask(command, LINE);
    const state = (await readRegistration({ ask }))?.state;
    if (state === undefined) return [undefined];
    return state === 'home' || state === 'roaming' ? [state, await readNetwork({ ask })] : ['no'];
  }

  return {
    registered: (done) => void where().then((answer) => done(...answer)),
    serve: (on, done) => void obeys(modem, selectNetwork(on ? 'automatic' : 'none')).then(done),
    allow: (what, done) => void allow(modem, what).then(done),
    carry: (on, done) => void (on ? raise(modem) : lower(modem)).then(done),
    listen: (heard) =>
      modem.channel.listen((news) => {
        if (news.on === 'restarted') heard('began');
        if (news.on === 'urc' && registrationReport(news.line) !== undefined) heard('moved');
      }),
  };
}

const obeys = async (modem: Modem, command: AtCommand<true>): Promise<boolean> =>
  (await modem.ask(command, LINE)).at === 'answered';

/** S-5, S-12: by the maker's word, where the family has one. */
async function allow(modem: Modem, { roaming, fourG }: Parameters<LineModem['allow']>[0]): Promise<boolean> {
  const dialect = await modem.dialect();
  if (dialect === undefined) return false;
  const home = await restrict(modem, dialect.homeOnly, !roaming);
  return (await restrict(modem, dialect.upTo3G, !fourG)) && home;
}

async function restrict(modem: Modem, restriction: Restriction | undefined, wanted: boolean): Promise<boolean> {
  if (restriction === undefined) return true;
  const { ask, claims, isOn, on, off } = restriction;
  const isSet: AtCommand<boolean> = {
    ...{ send: [ask], claims, patience: AT_ONCE },
    read: (lines) => (lines.length === 0 ? undefined : lines.some((line) => isOn.test(line))),
  };
  const said = await modem.ask(isSet, LINE);
  // A model of the family that does not know the setting.
  if (said.at === 'refused' || said.at === 'unreadable') return true;
  if (said.at !== 'answered') return false;
  return said.value === wanted || (await obeys(modem, order(wanted ? on : off)));
}

const active = async (modem: Modem): Promise<readonly number[] | undefined> =>
  answered(await modem.ask(ACTIVE_CONTEXTS, LINE));

async function raise(modem: Modem): Promise<boolean> {
  const up = await active(modem);
  if (up?.includes(CONTEXT)) return true;
  return (await obeys(modem, attach(true))) && (await obeys(modem, activateContext(CONTEXT, true)));
}

/** TS 27.007 10.1.10: the last context of LTE can't be taken down alone; leaving the packet service takes all of them. */
async function lower(modem: Modem): Promise<boolean> {
  const up = await active(modem);
  if (up === undefined) return false;
  for (const id of up) await modem.ask(activateContext(id, false), LINE);
  const left = await active(modem);
  if (left?.length === 0) return true;
  return (await obeys(modem, attach(false))) && (await active(modem))?.length === 0;
}
