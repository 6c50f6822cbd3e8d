import type { Controller } from '../controller.ts';
import { type Failure, fails, isFailure } from '../failure.ts';
import { type Model, tableOf } from '../model/model.ts';
import type { ObjectType, Row, Values } from '../model/object-type.ts';
import type { Body } from '../wire/message.ts';
import { judgeValue } from './judge-value.ts';
import type { Book } from './state.ts';

/** Who changes what, and how the model looks once it is changed. */
export type Change = {
  readonly controller: Controller;
  /** All that there are. */
  readonly controllers: readonly Controller[];
  readonly book: Book;
  /** All that there is, and what of it the controller sees. */
  readonly all: (book: Book) => Model;
  readonly view: (book: Book) => Model;
  /** Unix ms. */
  readonly wall: number;
};

/** The answer, the book as it is then, and what that means to others. */
export type Changed = {
  readonly body: Body;
  readonly book: Book;
  readonly created: readonly Row[];
  readonly deleted: readonly Row[];
  readonly paths: readonly string[];
  readonly outcome: number;
};

export type Setting = { readonly param: string; readonly value: string; readonly required: boolean };
export type ParameterError = { readonly param: string; readonly errCode: number; readonly errMsg: string };
export type Applied = {
  readonly book: Book;
  readonly updated: Values;
  readonly errors: readonly ParameterError[];
  /** A required one is among the errors: nothing of the object may stay. */
  readonly refused: boolean;
};

/**
 * Sets parameters of one object, each as far as it can be, those of single objects in it by their way (`MQTT.Reference`,
 * TR-369 1.4, R-ADD.2). `creating`: also those that are written once.
 */
export function apply(change: Change, book: Book, row: Row, settings: readonly Setting[], creating = false): Applied {
  const errors: ParameterError[] = [];
  const updated: Record<string, string> = {};
  const rows: Record<string, Values> = { [row.path]: creating ? row.values : (book.rows[row.path] ?? {}) };
  let refused = false;
  for (const setting of settings) {
    const cut = setting.param.lastIndexOf('.') + 1;
    const place = cut === 0 ? row : insideOf(change, book, row, setting.param.slice(0, cut));
    const name = setting.param.slice(cut);
    const found =
      place === undefined
        ? fails(7010, `${row.path}${setting.param}`)
        : judgeValue(change, book, place, { ...setting, param: name, creating });
    if (place !== undefined && !isFailure(found)) {
      updated[setting.param] = found.value;
      rows[place.path] = { ...(rows[place.path] ?? book.rows[place.path]), [name]: found.value };
      continue;
    }
    const { errCode, errMsg } = isFailure(found) ? found : fails(7010, setting.param);
    errors.push({ param: setting.param, errCode, errMsg });
    refused ||= setting.required;
  }
  const next = { ...book, rows: { ...book.rows, ...rows } };
  const clash = clashIn(change.all(next), row.path);
  if (clash === undefined) return { book: next, updated, errors, refused };
  const { errCode, errMsg } = fails(7025, row.path);
  return { book, updated: {}, errors: [...errors, { param: clash, errCode, errMsg }], refused: true };
}

/** An object of which there is one in each row: it is there with the row, also while that is being made. */
function insideOf(change: Change, book: Book, { path, type }: Row, way: string): Row | undefined {
  const inner = change.all(book).types.get(`${type.path}${way}`);
  if (inner === undefined || inner.attends !== true) return undefined;
  return { path: `${path}${way}`, type: inner, values: {} };
}

/** The first parameter of a key that another row of the table has too. */
function clashIn(model: Model, path: string): string | undefined {
  const row = model.rows.get(path);
  const table = row === undefined ? undefined : tableOf(row);
  if (row === undefined || table === undefined) return undefined;
  const others = (model.tables.get(table) ?? []).filter((other) => other.path !== path);
  const clash = (keys: ObjectType['keys'] = [], among: readonly Row[]): string | undefined =>
    keys.find((key) => among.some((other) => key.every((name) => other.values[name] === row.values[name])))?.at(-1);
  const isOn = ({ values }: Row): boolean => values.Enable === 'true';
  return clash(row.type.keys, others) ?? (isOn(row) ? clash(row.type.enabledKeys, others.filter(isOn)) : undefined);
}

/** Nothing is changed: a part of it that had to succeed did not. */
export function refuse(
  change: Change,
  failure: Pick<Failure, 'errCode' | 'errMsg'>,
  errors: readonly { readonly paramPath: string; readonly errCode: number; readonly errMsg: string }[],
  paths: readonly string[],
): Changed {
  const { errCode, errMsg } = failure;
  return {
    body: { error: { errCode, errMsg, paramErrs: errors } },
    book: change.book,
    ...{ created: [], deleted: [], paths },
    outcome: errCode,
  };
}
