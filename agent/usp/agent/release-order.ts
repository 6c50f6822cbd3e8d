import { CHECKSUMS, type CheckSum } from '../../model/release.ts';
import type { Controller } from '../controller.ts';
import type { Code } from '../failure.ts';
import type { Model } from '../model/model.ts';
import type { Values } from '../model/object-type.ts';
import type { Going } from './going.ts';
import type { UspEffect } from './state.ts';

type Ordered = { readonly place: string; readonly request: number; readonly input: Values };
type Refused = { readonly wrong: string; readonly code: Code };
type Asked = { readonly view: Model; readonly controller: Controller; readonly mono: number; readonly wall: number };
type Work = { readonly run: readonly UspEffect[]; readonly going: Partial<Going> };

/** D-3, `Download()`: a release is fetched into the slot that the box does not live on. */
export function downloadOf(
  { place, request, input }: Ordered,
  { view, controller, wall }: Omit<Asked, 'mono'>,
): Work | Refused {
  if (view.rows.get(place)?.values.Status === 'Active')
    return { wrong: 'the image that the box lives on is not written over; name the other one', code: 7022 };
  if (input.Username || input.Password) {
    const wrong = 'Username, Password: bundles prove themselves by their signature, and are fetched without a name';
    return { wrong, code: 7027 };
  }
  const { URL: url = '', AutoActivate = 'false' } = input;
  if (/\/\/[^/]*@/.test(url)) return { wrong: 'URL: without a name and a password in it', code: 7027 };
  const checkSum = checkSumOf(input);
  if (typeof checkSum === 'string') return { wrong: checkSum, code: 7027 };
  const activate = AutoActivate === 'true' || AutoActivate === '1';
  const wanted = { url, by: controller.endpoint, activate, ...(checkSum && { checkSum }) };
  const transfer = { url, began: wall, by: controller.endpoint, ...(checkSum && { checkSum }) };
  return { run: [{ do: 'fetch-release', ...wanted, request }], going: { transfer } };
}

/** Of the file as it comes; the signature of what is in it is looked at besides. */
function checkSumOf({ CheckSum = '', CheckSumAlgorithm = '' }: Values): CheckSum | string | undefined {
  if (CheckSum === '') return undefined;
  const algorithm = CHECKSUMS.find((one) => one === CheckSumAlgorithm);
  if (algorithm === undefined) return `CheckSumAlgorithm: one of ${CHECKSUMS.join(', ')}`;
  return /^[0-9A-Fa-f]{8,128}$/.test(CheckSum)
    ? { algorithm, value: CheckSum.toLowerCase() }
    : 'CheckSum: hexadecimal digits';
}

const MODES = ['AnyTime', 'Immediately', 'WhenIdle', 'ConfirmationNeeded'];
const MOST_WINDOWS = 5;
const LONGEST = 31_536_000;
const ARGUMENT = /^TimeWindow\.([1-9])\.(Start|End|Mode|UserMessage|MaxRetries)$/;

/**
 * `Activate()` (TR-181 2.19.1): the release in that slot is wished for as soon as a window opens; without windows at once.
 * In each mode it begins when nobody is on the phone (M-5). Nobody is here who could confirm: such windows are not used.
 */
export function activationOf({ place, input }: Ordered, { view, mono }: Pick<Asked, 'view' | 'mono'>): Work | Refused {
  const { Status, Version } = view.rows.get(place)?.values ?? {};
  if (Status !== 'Available' && Status !== 'ActivationFailed')
    return { wrong: `${Version || 'this image'} is ${Status}; only one that is Available is activated`, code: 7022 };
  const unknown = Object.keys(input).find((name) => !ARGUMENT.test(name));
  if (unknown !== undefined) return { wrong: `${unknown} is not known`, code: 7027 };
  const numbers = [...new Set(Object.keys(input).map((name) => ARGUMENT.exec(name)?.[1] ?? ''))].toSorted();
  if (numbers.length > MOST_WINDOWS) return { wrong: `TimeWindow: ${MOST_WINDOWS} at most`, code: 7027 };
  if (numbers.length === 0) return { run: [], going: { windows: [{ from: mono, until: Number.MAX_SAFE_INTEGER }] } };
  const windows: { readonly from: number; readonly until: number; readonly mode: string }[] = [];
  for (const number of numbers) {
    const { Start = '', End = '', Mode = '' } = argumentsOf(input, number);
    const [start, end] = [Number(Start), Number(End)];
    const isWhole = /^\d{1,8}$/.test(Start) && /^\d{1,8}$/.test(End) && end <= LONGEST && start < end;
    if (!isWhole) return { wrong: `TimeWindow.${number}.Start, End: seconds, the end after the start`, code: 7027 };
    if (!MODES.includes(Mode)) return { wrong: `TimeWindow.${number}.Mode: one of ${MODES.join(', ')}`, code: 7027 };
    const from = mono + start * 1_000;
    if (from < (windows.at(-1)?.until ?? 0)) return { wrong: 'TimeWindow: one after the other', code: 7027 };
    windows.push({ from, until: mono + end * 1_000, mode: Mode });
  }
  const used = windows.flatMap(({ from, until, mode }) => (mode === 'ConfirmationNeeded' ? [] : [{ from, until }]));
  if (used.length === 0) return { wrong: 'TimeWindow: nobody is at the box who could confirm', code: 7027 };
  return { run: [], going: { windows: used } };
}

const argumentsOf = (input: Values, number: string): Values =>
  Object.fromEntries(
    ['Start', 'End', 'Mode'].flatMap((name) => {
      const value = input[`TimeWindow.${number}.${name}`];
      return value === undefined ? [] : [[name, value]];
    }),
  );
