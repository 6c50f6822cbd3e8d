import { z } from 'zod';
import type { Regime } from '../../agent/model/regime.ts';
import { SCOPES } from '../../agent/model/suspension.ts';
import { after } from '../../agent/rating/calendar/after.ts';
import { startOfDay } from '../../agent/rating/calendar/paris.ts';
import { latestConfigs, readRegistry } from '../registry/registry.ts';
import { readSuspensions, type Suspension, writeSuspension } from '../registry/suspensions.ts';
import { timeField, writeTime } from './rate/times.ts';

/** What the command line says, as it was written. */
export type SuspensionWords = Readonly<
  Partial<Record<'line' | 'device' | 'scope' | 'from' | 'reason' | 'by' | 'reminded' | 'fee', string>>
>;

type Ordered = { readonly said: string } | { readonly refused: string };
const refused = (why: string): Ordered => ({ refused: why });

/** C-5: puts an order of suspension into the operator's book, if the contract of the account allows it. */
export function suspend(directory: string, account: string, words: SuspensionWords, now: number): Ordered {
  const sites = latestConfigs(readRegistry(directory).configs).filter((config) => config.account.id === account);
  const [first] = sites;
  if (first === undefined) return refused(`${account}: no site has that account`);
  const { line, device, scope = 'total', by } = words;
  const numbers = sites.flatMap(({ lines }) => lines.map(({ number }) => number));
  const devices = sites.map((config) => config.device.id);
  if (line !== undefined && device !== undefined) return refused('name --line or --device, not both');
  if (line !== undefined && !numbers.includes(line))
    return refused(`--line ${line}: the account has ${numbers.join(', ')}`);
  if (device !== undefined && !devices.includes(device))
    return refused(`--device ${device}: the account has ${devices.join(', ')}`);
  const knownScope = SCOPES.find((one) => one === scope);
  if (knownScope === undefined) return refused(`--scope ${scope}: ${SCOPES.join(' or ')}`);
  if (by === undefined) return refused('--by is missing: who orders it?');
  const from = words.from === undefined ? now : readInstant(words.from);
  if (from === undefined) return refused('--from is a time such as 2026-11-22T09:30 (Paris) or 2026-11-22T08:30:00Z');
  const reason = reasonOf(words, first.regime.suspension, from);
  if ('refused' in reason) return reason;
  const suspension: Suspension = {
    ...{ id: nextId(directory, account), account, ...(line && { line }), ...(device && { device }) },
    ...{ scope: knownScope, reason: reason.is, by, orderedAt: now, from },
    ...terminationOf(first.regime.suspension, from),
  };
  writeSuspension(directory, suspension);
  return {
    said: `${suspension.id}: ${line ?? device ?? account} is suspended (${knownScope}) from ${writeTime(from)}`,
  };
}

/** C-5: lifts an order; the fee of re-opening is charged to the line that is named, by the price list of the day. */
export function lift(directory: string, id: string, { by, fee }: SuspensionWords, now: number): Ordered {
  const known = readSuspensions(directory);
  const found = known.find((one) => one.id === id);
  if (found === undefined)
    return refused(`${id}: no such suspension; known: ${known.map((one) => one.id).join(', ') || 'none'}`);
  if (found.lifted !== undefined) return refused(`${id} was lifted on ${writeTime(found.lifted.at)}`);
  if (by === undefined) return refused('--by is missing: who lifts it?');
  const site = latestConfigs(readRegistry(directory).configs).find((config) => config.account.id === found.account);
  if (fee !== undefined && site?.regime.suspension.reopeningFee?.value === 'none')
    return refused('--fee: the contract has no fee for re-opening');
  if (
    fee !== undefined &&
    !z
      .string()
      .regex(/^\+[1-9]\d{3,14}$/)
      .safeParse(fee).success
  )
    return refused('--fee names the line that pays it, such as +33123456789');
  writeSuspension(directory, { ...found, lifted: { by, at: now, ...(fee && { feeLine: fee }) } });
  return { said: `${id} is lifted${fee === undefined ? '' : `; ${fee} pays the fee of re-opening`}` };
}

type Terms = Regime['suspension'];

/** The contract's grounds; for an unpaid sum the time after the reminder or the formal notice must be over. */
function reasonOf(
  words: SuspensionWords,
  terms: Terms,
  from: number,
): { is: Suspension['reason'] } | { refused: string } {
  const grounds = terms.grounds?.value ?? [];
  const reason = grounds.find((ground) => ground === words.reason);
  if (reason === undefined)
    return { refused: `--reason ${words.reason ?? '(missing)'}: the contract allows ${grounds.join(', ') || 'none'}` };
  const patience = terms.afterReminder ?? terms.afterFormalNotice;
  if (reason !== 'unpaid' || patience === undefined) return { is: reason };
  const reminded = z.iso.date().safeParse(words.reminded);
  if (!reminded.success)
    return { refused: '--reminded is missing: the day of the reminder or notice, such as 2026-11-01' };
  const earliest = after(startOfDay(reminded.data), patience.value);
  if (from >= earliest) return { is: reason };
  return { refused: `not before ${writeTime(earliest)} (${patience.article})` };
}

const terminationOf = ({ terminationAfter }: Terms, from: number): { readonly terminationFrom?: number } =>
  terminationAfter === undefined ? {} : { terminationFrom: after(from, terminationAfter.value) };

function readInstant(text: string): number | undefined {
  const read = timeField.safeParse(text);
  return read.success ? read.data : undefined;
}

function nextId(directory: string, account: string): string {
  const taken = readSuspensions(directory).filter((one) => one.account === account).length;
  return `${account}-${String(taken + 1).padStart(4, '0')}`;
}
