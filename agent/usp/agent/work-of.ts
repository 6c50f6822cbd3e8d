import { CardPinSchema, SimOrderSchema } from '../../model/sim-swap.ts';
import type { Controller } from '../controller.ts';
import type { Code } from '../failure.ts';
import type { Model } from '../model/model.ts';
import type { Values } from '../model/object-type.ts';
import type { Sight } from '../sight.ts';
import { DIAGNOSES, orderDiagnosis } from './order-diagnosis.ts';
import type { CardWish, UspEffect } from './state.ts';

type Asked = { readonly view: Model; readonly controller: Controller; readonly sight: Sight };
type Refused = { readonly wrong: string; readonly code: Code };

type Ordered = { readonly name: string; readonly request: number; readonly input: Values };

/** What a command that goes on has to set going, from its arguments; or why it is not. */
export function workOf(ordered: Ordered, asked: Asked): readonly UspEffect[] | Refused {
  const { name, request, input } = ordered;
  if (name === 'SelfTestDiagnostics()') return [{ do: 'run', command: name, request }];
  const test = DIAGNOSES.find((one) => one === name);
  if (test !== undefined) {
    const tested = orderDiagnosis(test, input, asked.sight);
    if ('wrong' in tested) return { ...tested, code: 7027 };
    return [{ do: 'diagnose', request, diagnosis: tested.diagnosis }];
  }
  const wish = cardWish(name, request, input, asked);
  return 'wrong' in wish ? wish : [{ do: 'swap', request, wish }];
}

/** S-1, S-8: an order for the engine of swaps, as the central gives them; codes and PINs go with it and are written down nowhere. */
function cardWish(
  name: string,
  request: number,
  input: Values,
  { view, controller, sight }: Asked,
): CardWish | Refused {
  if (sight.mobile === undefined) return { wrong: 'this box has no modem', code: 7022 };
  const target = targetOf(name, input, view);
  if (typeof target === 'string') return { wrong: target, code: 7027 };
  const order = SimOrderSchema.safeParse({
    // Numbers of requests begin anew with a box that has lost its book: the time tells them apart.
    id: `usp-${sight.wall.toString(36)}-${request}`,
    ...{ target, reason: input.Reason || 'support', by: controller.endpoint },
    ...(input.AccessPoint ? { accessPoint: input.AccessPoint } : {}),
  });
  if (!order.success) return { wrong: wordsOf(order.error.issues), code: 7027 };
  const { PIN: pin, ActivationCode: code = '', ConfirmationCode: confirmation } = input;
  if (pin && !CardPinSchema.safeParse(pin).success) return { wrong: 'PIN: 4 to 8 digits', code: 7027 };
  const download = confirmation ? { code, confirmation } : { code };
  return {
    order: order.data,
    ...(target.by === 'download' ? { download } : {}),
    ...(pin ? { pin } : {}),
  };
}

type Target =
  | { readonly by: 'slot'; readonly slot: number; readonly iccid?: string }
  | { readonly by: 'profile'; readonly iccid: string }
  | { readonly by: 'download' };

function targetOf(name: string, input: Values, view: Model): Target | string {
  switch (name) {
    case 'Swap()': {
      const slot = { by: 'slot', slot: Number(input.Slot) } as const;
      return input.ICCID ? { ...slot, iccid: input.ICCID } : slot;
    }
    case 'Enable()': {
      const path = `${input.Profile ?? ''}`.replace(/\.$/, '');
      const row = view.rows.get(`${path}.`);
      const iccid = row?.type.path === 'Device.TrustedElements.SIM.{i}.Profile.{i}.' ? row.values.ICCID : undefined;
      return iccid === undefined
        ? 'Profile: Device.TrustedElements.SIM.1.Profile.N as the card lists it'
        : { by: 'profile', iccid };
    }
    case 'Download()':
      return input.ActivationCode ? { by: 'download' } : 'ActivationCode: LPA:1$server$matching-id';
    default:
      return `${name} is not known`;
  }
}

/** The names of the arguments, and never their values. */
const wordsOf = (issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]): string =>
  issues.map(({ path, message }) => `${ARGUMENT[String(path.at(-1))] ?? 'Slot'}: ${message}`).join('; ');

const ARGUMENT: Readonly<Record<string, string>> = {
  ...{ iccid: 'ICCID', slot: 'Slot', reason: 'Reason', accessPoint: 'AccessPoint' },
};
