import type { Code } from '../failure.ts';
import { REQUESTS } from '../model/bind-agent.ts';
import { FAX } from '../model/bind-fax.ts';
import { type FaxOrder, readFaxOrder } from './fax-order.ts';
import type { Going } from './going.ts';
import type { Ask, Called, Operated, Operation, Result } from './operate.ts';
import { activationOf, downloadOf } from './release-order.ts';
import type { UspEffect } from './state.ts';
import { workOf } from './work-of.ts';

const MOST_GOING = 20;
const IMAGES = 'Device.DeviceInfo.FirmwareImage.';
const MOST_DOCUMENTS = 40;
const DOCUMENTS = `${FAX}Document.`;
const LONGEST_TIMER = 31_536_000;

/** A command that goes on has a row of its own until it ends (TR-369 1.4, R-OPR.4). */
export function begin(
  done: Operated,
  { place, name }: Called,
  ask: Ask,
  operation: Operation,
  refuse: (code: Code, why?: string) => readonly [Operated, Result],
): readonly [Operated, Result] {
  const { state } = done;
  const { controller, mono, sight } = operation;
  const seconds = Number(ask.inputArgs.DelaySeconds);
  const timer = name === 'ScheduleTimer()';
  if (timer && (!Number.isInteger(seconds) || seconds < 1 || seconds > LONGEST_TIMER))
    return refuse(7027, 'DelaySeconds');
  const number = (state.book.last[REQUESTS] ?? 0) + 1;
  const request = { number, controller: controller.number, command: `${place}${name}`, commandKey: ask.commandKey };
  const last = state.book.last[DOCUMENTS] ?? 0;
  const faxed = readFaxOrder(sight.fax, { ...{ place, name, input: ask.inputArgs, controller, request, last } });
  if (faxed !== undefined && 'refused' in faxed) return refuse(7027, faxed.refused);
  const { document } = faxed ?? {};
  if (isBusy(state.going, document)) return refuse(7005);
  const going: Going = {
    ...request,
    ...(timer ? { due: mono + seconds * 1_000 } : {}),
    ...(document === undefined ? {} : { document }),
  };
  const numbers = { [REQUESTS]: number, ...(document === undefined ? {} : { [DOCUMENTS]: Math.max(last, document) }) };
  const book = { ...state.book, last: { ...state.book.last, ...numbers } };
  const work = faxed
    ? { run: orderOf(faxed.order, number) }
    : timer
      ? { run: [] }
      : begun({ place, name, request: number, input: ask.inputArgs }, operation);
  if ('wrong' in work) return refuse(work.code, work.wrong);
  const next = {
    ...done,
    state: { ...state, book, going: [...state.going, { ...going, ...('going' in work ? work.going : {}) }] },
    effects: [...done.effects, ...work.run],
  };
  return [next, { executedCommand: going.command, reqObjPath: `${REQUESTS}${number}.` }];
}

/** What a command sets going at once, and what is noted of it. */
function begun(ordered: { readonly place: string } & Parameters<typeof workOf>[0], operation: Operation) {
  const { view, controller, mono, sight } = operation;
  if (ordered.name === 'Activate()') return activationOf(ordered, { view, mono });
  if (ordered.place.startsWith(IMAGES)) return downloadOf(ordered, { view, controller, wall: sight.wall });
  const run = workOf(ordered, operation);
  return 'wrong' in run ? run : { run };
}

/** Commands that wait for the end of a document take no turn of others. */
function isBusy(going: readonly Going[], document: number | undefined): boolean {
  const waiting = going.filter((one) => one.document !== undefined).length;
  return document === undefined ? going.length - waiting >= MOST_GOING : waiting >= MOST_DOCUMENTS;
}

/** A document that is known already only waits once more for its end. */
const orderOf = (order: FaxOrder | undefined, request: number): readonly UspEffect[] =>
  order === undefined ? [] : [{ do: 'fax', order, request }];
