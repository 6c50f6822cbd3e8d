import { controllerPath } from '../controller.ts';
import { type Failure, fails, isFailure } from '../failure.ts';
import { SUBSCRIPTIONS } from '../model/bind-agent.ts';
import { writeDateTime } from '../model/bind-site.ts';
import { TRUST } from '../model/bind-trust.ts';
import { PROFILES } from '../model/bulk-objects.ts';
import { initialOf } from '../model/model.ts';
import { type ObjectType, type Row, typePath, type Values } from '../model/object-type.ts';
import { resolve } from '../path/resolve.ts';
import { may } from '../roles.ts';
import type { Request, ResponseDraft } from '../wire/message.ts';
import { apply, type Change, type Changed, refuse } from './change.ts';
import { keysOf } from './read.ts';
import type { Book } from './state.ts';
import { isSoftware } from './trust.ts';

/** Numbers that stay for roles of the software. */
const OF_SOFTWARE = 100;
const ROLE = `${TRUST}Role.{i}.`;

type Ask = NonNullable<Request['add']>;
type Result = NonNullable<NonNullable<ResponseDraft['addResp']>['createdObjResults']>[number];

/** Rows that a table may have, and objects that one message may make: a box has little memory. */
const MOST_ROWS = 100;

/** Add (TR-369 1.4): without `allow_partial` all objects or none. What was made is named with its number and keys. */
export function answerAdd(change: Change, { allowPartial, createObjs }: Ask): Changed {
  const paths = createObjs.map(({ objPath, paramSettings }) =>
    [objPath, ...paramSettings.map(({ param, value }) => `${param}=${value}`)].join(' '),
  );
  if (createObjs.length > MOST_ROWS) return refuse(change, fails(7005, 'Add'), [], paths.slice(0, MOST_ROWS));
  let book = change.book;
  const results: Result[] = [];
  const created: Row[] = [];
  let failed = 0;
  for (const create of createObjs) {
    for (const made of makeObjects(change, book, create)) {
      if ('errors' in made && !allowPartial) return refuse(change, made.failure, made.errors, paths);
      results.push(made.result);
      if ('errors' in made) failed = made.failure.errCode;
      else {
        book = made.book;
        created.push(made.row);
      }
    }
  }
  const body = { response: { addResp: { createdObjResults: results } } };
  return { body, book, created, deleted: [], paths, outcome: failed };
}

type Made =
  | { readonly result: Result; readonly book: Book; readonly row: Row }
  | {
      readonly result: Result;
      readonly failure: Pick<Failure, 'errCode' | 'errMsg'>;
      readonly errors: readonly { paramPath: string; errCode: number; errMsg: string }[];
    };

function makeObjects(
  change: Change,
  before: Book,
  { objPath, paramSettings }: Ask['createObjs'][number],
): readonly Made[] {
  const found = resolve(change.view(before), objPath);
  if (isFailure(found)) return [lost(objPath, found)];
  const made: Made[] = [];
  let book = before;
  const { leaf } = found.path;
  for (const place of found.at) {
    // The dot of a table may be left out (TP-469 2.23).
    const table = leaf === undefined ? place : `${place}${leaf}.`;
    const one = makeObject(change, book, { objPath, table, settings: paramSettings });
    made.push(one);
    if ('book' in one) book = one.book;
  }
  return made;
}

type Place = {
  readonly objPath: string;
  readonly table: string;
  readonly settings: Ask['createObjs'][number]['paramSettings'];
};

function makeObject(change: Change, book: Book, { objPath, table, settings }: Place): Made {
  const model = change.all(book);
  const type = model.types.get(`${typePath(table)}{i}.`);
  if (type === undefined) return lost(objPath, fails(7018, objPath));
  if (type.rows === undefined) return lost(objPath, fails(7019, objPath));
  if (!may(change.controller, 'object', 'w', { type: type.path, path: table }))
    return lost(objPath, fails(7006, table));
  if (isSoftware(book, { path: parentOf(table) })) return lost(objPath, fails(7006, table, 'a role of the software'));
  if ((model.tables.get(table)?.length ?? 0) >= (type.most ?? MOST_ROWS)) return lost(objPath, fails(7005, objPath));
  const taken = (model.tables.get(table) ?? []).map(({ path: one }) => Number(one.split('.').at(-2)));
  const number = Math.max(book.last[table] ?? 0, type.path === ROLE ? OF_SOFTWARE : 0, ...taken) + 1;
  const path = `${table}${number}.`;
  const numbered = { ...book, last: { ...book.last, [table]: number } };
  const row = { path, type, values: startValues(change, { type, number, beside: model.tables.get(table) ?? [] }) };
  const applied = apply(change, numbered, row, settings, true);
  if (applied.refused) {
    const errors = applied.errors.map(({ param, ...why }) => ({ paramPath: `${path}${param}`, ...why }));
    const [first] = applied.errors;
    const failure = first ?? fails(7021, objPath);
    const { errCode, errMsg } = fails(failure.errCode === 7006 ? 7006 : 7021, objPath, failure.errMsg);
    return {
      failure: { errCode, errMsg },
      errors,
      result: { requestedPath: objPath, operStatus: { operFailure: { errCode, errMsg } } },
    };
  }
  const values = applied.book.rows[path] ?? {};
  const made = { path, type, values };
  const operSuccess = { instantiatedPath: path, paramErrs: applied.errors, uniqueKeys: keysOf(made) };
  return { book: applied.book, row: made, result: { requestedPath: objPath, operStatus: { operSuccess } } };
}

/** The object that a table stands in. */
const parentOf = (table: string): string => table.slice(0, table.lastIndexOf('.', table.length - 2) + 1);

type Fresh = { readonly type: ObjectType; readonly number: number; readonly beside: readonly Row[] };

/** Keys that nobody names are made (TR-369 1.4, "Unique Keys"); a subscription and a profile are their maker's own. */
function startValues({ controller, wall }: Change, { type, number, beside }: Fresh): Values {
  const { parameters = {} } = type;
  const highest = Math.max(-1, ...beside.map(({ values }) => Number(values.Order ?? -1)));
  const values = {
    ...initialOf(type),
    ...(parameters.Alias && { Alias: `cpe-${number}` }),
    ...(type.path.startsWith(TRUST) && parameters.Order && { Order: `${highest + 1}` }),
  };
  if (type.path === `${PROFILES}{i}.`) return { ...values, Controller: controllerPath(controller) };
  if (type.path === ROLE) return { ...values, Name: `cpe-${number}` };
  if (!type.path.startsWith(SUBSCRIPTIONS)) return values;
  return {
    ...values,
    ID: `cpe-${number}`,
    Recipient: controllerPath(controller),
    CreationDate: writeDateTime(wall),
  };
}

function lost(requestedPath: string, { errCode, errMsg }: Failure): Made {
  return {
    failure: { errCode, errMsg },
    errors: [{ paramPath: requestedPath, errCode, errMsg }],
    result: { requestedPath, operStatus: { operFailure: { errCode, errMsg } } },
  };
}
