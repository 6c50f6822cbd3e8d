import type { Request } from '../wire/message.ts';
import type { Operation } from './operate.ts';
import { type OrderedRestart, RESTART_TARGETS } from './state.ts';

type Ask = NonNullable<Request['operate']>;

/** Which part is to start anew, for whom and why; refused where the box cannot do that. */
export function restartOf(
  command: string,
  { inputArgs }: Ask,
  { controller, sight, restartable }: Operation,
): OrderedRestart | { readonly refused: string; readonly code: 7022 | 7027 } {
  const wanted = command === 'Reboot()' ? 'Box' : (inputArgs.Target ?? 'Agent');
  const of = RESTART_TARGETS.find((target) => target === wanted);
  const name = of === 'Link' ? (inputArgs.Name ?? '') : '';
  if (of === undefined) return { refused: `Target: one of ${RESTART_TARGETS.join(', ')}`, code: 7027 };
  const known = restartable.filter((one) => one.of === of);
  if (known.length === 0) return { refused: `this box can start no ${of.toLowerCase()} anew`, code: 7022 };
  if (!known.some((one) => one.name === name))
    return { refused: `Name: one of ${known.map((one) => one.name).join(', ')}`, code: 7027 };
  return {
    at: sight.wall,
    of,
    name,
    by: controller.endpoint,
    reason: (inputArgs.Reason ?? inputArgs.Cause ?? '').slice(0, 200),
  };
}
