import { bootIn } from './desk.ts';
import { ordersIn } from './restarted.ts';
import type { Judge, Scene } from './scene.ts';
import { until } from './until.ts';

const REASON = 'a visit is planned';

/** M-3: the box itself, from the order to the first word of its new life. */
export async function reboot({ stage, desk, power }: Scene): Promise<Judge> {
  const heard = desk.told.all().length;
  const from = stage.agentLog.all().length;
  await desk.insist('operate', 'Device.Reboot()', 'Cause=RemoteReboot', `Reason=${REASON}`);
  const ordered = await until(async () => power.ordered());
  await power.cycle(stage);
  await stage.agentLog.until('the box is back', (line) => line.msg === 'agent started', 90_000, from);
  const boot = await desk.told
    .until('Boot! of the new life', (line) => bootIn(line)?.Reason === REASON, 90_000, heard)
    .then(bootIn, () => undefined);
  const rows = await desk.insist('get', 'Device.X_RELAIS_Restarts.Restart.');
  return (records) => {
    const [order] = ordersIn(records).filter(({ of }) => of === 'box');
    const lives = records.flatMap(({ event, clock }) => (event.kind === 'booted' ? [clock.boot] : []));
    const isAnother = lives.at(-1) !== lives.at(-2) && new Set(lives).size === 2;
    return [
      {
        name: 'M-3, M-6: the box begins anew by order: recorded, ordered of its system, and `Boot!` with the reason behind it',
        holds:
          ordered &&
          order?.why === REASON &&
          boot?.Cause === 'RemoteReboot' &&
          isAnother &&
          rows.some((line) => line.endsWith(`Reason = ${REASON}`)),
        found: JSON.stringify({ ordered, order, boot, lives, rows: rows.slice(-5) }),
      },
    ];
  };
}
