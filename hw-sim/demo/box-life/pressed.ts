import { runIn, startIn } from '../../kernel/namespaces.ts';
import { modemAnew, ordersIn, secondLinkAnew } from './restarted.ts';
import type { Judge, Scene } from './scene.ts';
import { until } from './until.ts';

const PORT = 8443;
const SERVICES = 'Device.X_RELAIS_Services.';
/** Between the 10 s and the 30 s of the standard configuration. */
const HELD_MS = 12_000;
const SHORT_MS = 1_000;

/**
 * M-2, M-6: a port that should not be open is opened over USP; who stands before the box holds its button. Answers as soon as
 * the finger is down.
 */
export async function heldButton(scene: Scene): Promise<{ readonly over: Promise<readonly Judge[]> }> {
  const host = startIn('office', ['socat', `TCP-LISTEN:${PORT},fork,reuseaddr`, 'SYSTEM:echo office']);
  const closed = await reached();
  await openPort(scene);
  const open = await reached();
  return { over: whileHeld(scene, { closed, open }).finally(() => host.end()) };
}

async function whileHeld(scene: Scene, { closed, open }: Readonly<Record<'closed' | 'open', string>>) {
  const { desk, panel } = scene;
  const down = panel.press(HELD_MS);
  const stillOpen = await reached();
  const meanwhile = [await modemAnew(scene), await secondLinkAnew(scene)];
  await down;
  const back = await until(async () => (await reached()) === '');
  const rows = await desk.insist('instances', 'Device.NAT.PortMapping.');
  const judge: Judge = (records) => {
    const told = records.flatMap(({ event }) =>
      event.kind === 'services-changed' ? [`${event.what} by ${event.by}`] : [],
    );
    return [
      {
        name: 'M-1, M-2: a port opened over USP and confirmed leads into the office, also while the button is held',
        holds: closed === '' && open === 'office' && stillOpen === 'office',
        found: JSON.stringify({ closed, open, stillOpen }),
      },
      {
        name: 'M-2, M-6: the button, held for 12 s, brings the standard configuration back: on the wire, in the model, in the record',
        holds: back && rows.length === 0 && told.at(-1) === 'committed by reset button',
        found: JSON.stringify({ back, rows, told }),
      },
    ];
  };
  return [judge, ...meanwhile];
}

/** M-3: pressed for a second, the agent begins anew. */
export async function shortPress({ stage, panel }: Scene): Promise<Judge> {
  const before = stage.agentPid();
  const from = stage.agentLog.all().length;
  await panel.press(SHORT_MS);
  await stage.agentLog.until('the agent is back', (line) => line.msg === 'agent started', 90_000, from);
  const after = stage.agentPid();
  return (records) => {
    const told = ordersIn(records).filter(({ by }) => by === 'reset button');
    return [
      {
        name: 'M-3, M-6: a press of one second is a new life of the agent, and recorded',
        holds: after !== before && told.length === 1 && told[0]?.of === 'agent',
        found: `${before}, then ${after}; ${JSON.stringify(told)}`,
      },
    ];
  };
}

async function openPort({ desk }: Scene): Promise<void> {
  const open = ['Enable=true', 'Protocol=TCP', `ExternalPort=${PORT}`, `InternalPort=${PORT}`, 'AllInterfaces=true'];
  await desk.insist('add', 'Device.NAT.PortMapping.', ...open, 'InternalClient=192.168.20.10');
  const [change = ''] = await desk.insist('get', `${SERVICES}ChangeOnTrial`);
  await desk.insist('operate', `${SERVICES}Confirm()`, `Change=${change.split(' = ')[1]}`);
}

/** What somebody outside hears at that port of the site; nothing where it is closed. */
const reached = (): Promise<string> =>
  runIn('core', ['timeout', '2', 'socat', '-u', `TCP:198.51.100.2:${PORT},connect-timeout=1`, 'STDOUT']).then(
    (said) => said.trim(),
    () => '',
  );
