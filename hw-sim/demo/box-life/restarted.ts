import type { LedgerRecord } from '../../../agent/model/record.ts';
import { run, runIn } from '../../kernel/namespaces.ts';
import type { Judge, Scene } from './scene.ts';
import { until } from './until.ts';

/** M-3: the modem behind the serial device begins anew, and the agent sets it up again. */
export async function modemAnew({ stage, desk }: Scene): Promise<Judge> {
  const typed: string[] = [];
  const forget = stage.modem.teach((line) => {
    typed.push(line);
    return undefined;
  });
  await desk.insist('operate', 'Device.X_RELAIS_Restart()', 'Target=Modem', 'Reason=deaf');
  const reset = (): number => typed.findIndex((line) => /^AT\+CFUN=1,1$/.test(line));
  // A modem that begins anew has its echo back, and is the modem of before once that was turned off.
  const settled = await until(async () => reset() >= 0 && !stage.modem.state().echo && typed.length > reset() + 3);
  forget();
  return (records) => {
    const told = ordersIn(records).find(({ of }) => of === 'modem');
    return [
      {
        name: 'M-3, M-6: support starts the modem anew: it is reset and set up again; who and why is in the record',
        holds: settled && told?.by === 'self::support.desk' && told.why === 'deaf',
        found: JSON.stringify({ typed: typed.slice(0, 12), told }),
      },
    ];
  };
}

const DEVICE = 'wan2';

/** M-3: the second link goes down and comes back, with its routes. */
export async function secondLinkAnew({ stage, desk }: Scene): Promise<Judge> {
  const line = stage.site.lines.second;
  const routes = (): Promise<string> => runIn('gw', ['ip', '-4', 'route', 'show', 'table', '102']);
  const before = await routes();
  // An access whose far side hears nothing: and who holds the device of this bench ends by a packet for one that is down.
  await line.ask({ do: 'cut' });
  await desk.insist('operate', 'Device.X_RELAIS_Restart()', 'Target=Link', 'Name=second', 'Reason=no route');
  const down = await until(async () => !(await flagsOf(DEVICE)).includes('UP'));
  const up = await until(async () => (await flagsOf(DEVICE)).includes('UP'));
  await line.ask({ do: 'heal' });
  const carries = await until(() =>
    runIn('gw', ['ping', '-c', '1', '-W', '1', '-I', '192.0.2.2', '192.0.2.1']).then(
      () => true,
      () => false,
    ),
  );
  const mended = await until(async () => (await routes()) === before);
  return (records) => {
    const told = ordersIn(records).find(({ of }) => of === 'link second');
    return [
      {
        name: 'M-3, M-6: support starts a link anew: it goes down, comes back and carries, its routes as before',
        holds: before !== '' && down && up && carries && mended && told?.why === 'no route',
        found: JSON.stringify({ down, up, carries, mended, told }),
      },
    ];
  };
}

type Ordered = {
  readonly of?: string | undefined;
  readonly by?: string | undefined;
  readonly why?: string | undefined;
};

export const ordersIn = (records: readonly LedgerRecord[]): readonly Ordered[] =>
  records.flatMap(({ event }) => (event.kind === 'box-event' && event.what === 'restart-ordered' ? [event] : []));

const flagsOf = async (device: string): Promise<string> =>
  run(['ip', '-n', 'gw', '-br', 'link', 'show', 'dev', device]);
