import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { canonical } from '../../../agent/model/canonical.ts';
import { LineOrderSchema as TermsOrderSchema } from '../../../agent/model/mobile-line.ts';
import { CardPinSchema, SWAP_REASONS } from '../../../agent/model/sim-swap.ts';
import { readActivationCode } from '../../../agent/uicc/activation-code.ts';
import { type LineOrder, LineOrderSchema, readLineOrders, writeLineOrder } from '../../registry/line-orders.ts';
import { latestConfigs, readRegistry } from '../../registry/registry.ts';
import { DONE } from '../command.ts';
import { refuse, type WithRegistry } from './wish.ts';

type Values = WithRegistry['values'];
/** A part of an order, or what is wrong with it. */
type Part<T> = { readonly is: T } | { readonly wrong: string };
const wrong = (why: string) => ({ wrong: why });

/** S-1, S-2: the order lies in the registry; the running service tells the box until the box's own record says that it is over. */
export function simOrder(wish: WithRegistry): number {
  const { values } = wish;
  const target = targetOf(values);
  if ('wrong' in target) return refuse(wish.terminal, `sim-order: ${target.wrong}`);
  const reason = reasonOf(values.reason, target.is !== undefined);
  if ('wrong' in reason) return refuse(wish.terminal, `sim-order: ${reason.wrong}`);
  const download = target.is?.by === 'download' ? codeOf(values.code) : { is: undefined };
  if ('wrong' in download) return refuse(wish.terminal, `sim-order: ${download.wrong}`);
  const pin = pinOf('--pin', values.pin, target.is !== undefined);
  if ('wrong' in pin) return refuse(wish.terminal, `sim-order: ${pin.wrong}`);
  const oldPin = pinOf('--old-pin', values['old-pin'], target.is !== undefined);
  if ('wrong' in oldPin) return refuse(wish.terminal, `sim-order: ${oldPin.wrong}`);
  return order('sim-order', wish, {
    ...{ is: 'sim', order: { reason: reason.is, ...(target.is && { target: target.is }) } },
    ...(values.apn !== undefined && { accessPoint: values.apn }),
    secrets: {
      ...(download.is && { download: download.is }),
      ...(pin.is && { pin: pin.is }),
      ...(oldPin.is && { oldPin: oldPin.is }),
    },
  });
}

/** S-11: a short message that the mobile line of a box is to send, at the pace that the contract allows. */
export function smsOrder(wish: WithRegistry): number {
  const { to, text } = wish.values;
  if (to === undefined) return refuse(wish.terminal, 'sms-order: --to is missing: a number such as +33612345678');
  if (text === undefined) return refuse(wish.terminal, 'sms-order: --text is missing: what is to be sent?');
  const wantsReport = wish.flags.has('report');
  return order('sms-order', wish, { is: 'sms', order: { to, text, wantsReport } });
}

/** S-3, S-5 to S-7, S-9, S-10: what the mobile line may do; `--order` holds what a kind of order wants beside its name. */
export function lineOrder(wish: WithRegistry): number {
  const { words, values, directory, terminal } = wish;
  const [device] = words;
  const lines = latestConfigs(readRegistry(directory).configs)
    .filter((config) => config.device.id === device)
    .flatMap(({ links }) => links.flatMap(({ line }) => (line === undefined ? [] : [line])));
  if (values.do === undefined) return refuse(terminal, `line-order: --do is missing: ${KINDS.join(', ')}`);
  const { line = lines[0] } = values;
  if (line === undefined) return refuse(terminal, `line-order: no link of ${device ?? 'a device'} has a mobile line`);
  if (!lines.includes(line)) return refuse(terminal, `line-order: --line ${line}: ${device} has ${lines.join(', ')}`);
  const more = values.order === undefined ? {} : objectIn(values.order);
  if (more === undefined) return refuse(terminal, `line-order: --order ${values.order}: a file with a JSON object`);
  return order('line-order', wish, { is: 'line', order: { ...more, do: values.do, line } });
}

const KINDS = TermsOrderSchema.options.map(({ shape }) => shape.do.value);

function objectIn(file: string): object | undefined {
  try {
    const read: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? read : undefined;
  } catch {
    return undefined;
  }
}

/** Takes an order back that its box has not carried out; what the box has done by then it has done. */
export function cancelOrder({ words, values, directory, shipped, terminal }: WithRegistry): number {
  const [id, ...more] = words;
  const { by } = values;
  if (id === undefined || more.length > 0) return refuse(terminal, 'cancel-order: name one order');
  if (by === undefined) return refuse(terminal, '--by is missing: who takes it back?');
  const found = readLineOrders(directory).find((one) => one.order.id === id);
  if (found === undefined) return refuse(terminal, `${id}: no such order; see relais central sims DEVICE`);
  if (found.canceled !== undefined) return refuse(terminal, `${id} was taken back by ${found.canceled.by}`);
  writeLineOrder(directory, { ...found, canceled: { by, at: shipped.now() } });
  terminal.out(`${id}: ${found.device} is not told of it any more`);
  return DONE;
}

/** The order without its name, its device and who gave it, which every order has. */
type Asked = {
  readonly is: LineOrder['is'];
  readonly order: object;
  readonly accessPoint?: string;
  readonly secrets?: object;
};

function order(command: string, { words, values, directory, shipped, terminal }: WithRegistry, asked: Asked): number {
  const [device, ...more] = words;
  if (device === undefined || more.length > 0) return refuse(terminal, `${command}: name one device`);
  const known = latestConfigs(readRegistry(directory).configs).map((config) => config.device.id);
  if (!known.includes(device))
    return refuse(terminal, `${device}: no such device; known: ${known.join(', ') || 'none'}`);
  const { by, id = randomUUID() } = values;
  if (by === undefined) return refuse(terminal, '--by is missing: who orders it?');
  if (!/^[A-Za-z0-9-]{1,100}$/.test(id)) return refuse(terminal, `--id ${id}: letters, digits and dashes, to 100`);
  const { is, accessPoint, secrets } = asked;
  const read = LineOrderSchema.safeParse({
    ...{ is, device, orderedAt: shipped.now() },
    order: { ...asked.order, ...(accessPoint !== undefined && { accessPoint }), id, by },
    ...secrets,
  });
  if (!read.success) {
    const [issue] = read.error.issues;
    return refuse(terminal, `${command}: ${issue?.path.slice(1).join('.')}: ${issue?.message}`);
  }
  const before = readLineOrders(directory).find((one) => one.order.id === id);
  if (before !== undefined && !isSame(before, read.data))
    return refuse(terminal, `--id ${id}: another order has this name; an order is done once under its name`);
  if (before === undefined) writeLineOrder(directory, read.data);
  terminal.out(`${id}: ${before === undefined ? 'ordered' : 'was ordered before'}; see relais central sims ${device}`);
  return DONE;
}

/** Whenever they were given, and whether one was taken back. */
function isSame(one: LineOrder, other: LineOrder): boolean {
  const [a, b] = [one, other].map(({ orderedAt: _, canceled: __, ...order }) => canonical(order));
  return a === b;
}

type Target = { readonly by: 'download' } | { readonly by: string; readonly slot?: number; readonly iccid?: string };

function targetOf({ slot, iccid, profile, code }: Values): Part<Target | undefined> {
  if (code !== undefined && (slot ?? profile) !== undefined)
    return wrong('--code downloads to the eUICC in use: leave --slot and --profile out');
  if (slot !== undefined && slot !== '1' && slot !== '2') return wrong(`--slot ${slot}: 1 or 2`);
  if (iccid !== undefined && (slot === undefined || profile !== undefined))
    return wrong('--iccid says which card has to be in --slot; a profile is named by --profile');
  if (profile !== undefined)
    return { is: { by: 'profile', iccid: profile, ...(slot !== undefined && { slot: Number(slot) }) } };
  if (code !== undefined) return { is: { by: 'download' } };
  if (slot === undefined) return { is: undefined };
  return { is: { by: 'slot', slot: Number(slot), ...(iccid !== undefined && { iccid }) } };
}

const WITHOUT_CARD: readonly string[] = ['loss', 'theft', 'found'];

function reasonOf(text: string | undefined, hasTarget: boolean): Part<string> {
  const found = SWAP_REASONS.find((one) => one === text);
  if (found === undefined) return wrong(`--reason ${text ?? '(missing)'}: ${SWAP_REASONS.join(', ')}`);
  if (!hasTarget && !WITHOUT_CARD.includes(found))
    return wrong(
      'no card was named: --slot 1|2, --profile ICCID or --code FILE; only loss, theft and found go without',
    );
  return { is: found };
}

/** S-8: from a file, never from the command line, which everybody on the machine can read. */
function codeOf(file: string | undefined): Part<{ readonly code: string; readonly confirmation?: string }> {
  const lines = file === undefined ? undefined : linesOf(file);
  if (lines === undefined)
    return wrong(
      `--code ${file}: cannot be read; a file with the activation code, and its confirmation code on a second line`,
    );
  const [code = '', confirmation = ''] = lines;
  const read = readActivationCode(code);
  if (!read.ok) return wrong(read.wrong);
  if (read.value.server === '') return wrong('activation code: names no server; ask the operator for a whole one');
  if (read.value.needsConfirmation && confirmation === '')
    return wrong('the code wants a confirmation code: put it on the second line of the file');
  return { is: { code, ...(confirmation !== '' && { confirmation }) } };
}

function pinOf(option: string, file: string | undefined, hasTarget: boolean): Part<string | undefined> {
  if (file === undefined) return { is: undefined };
  if (!hasTarget) return wrong(`${option} goes with the card that the line moves to; none was named`);
  const [pin = ''] = linesOf(file) ?? [];
  if (CardPinSchema.safeParse(pin).success) return { is: pin };
  return wrong(`${option} ${file}: a file with the PIN of the card, 4 to 8 digits`);
}

function linesOf(file: string): readonly string[] | undefined {
  try {
    return readFileSync(file, 'utf8')
      .split(/\r?\n/)
      .map((line) => line.trim());
  } catch {
    return undefined;
  }
}
