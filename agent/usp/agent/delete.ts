import { type Failure, fails, isFailure } from '../failure.ts';
import type { Row } from '../model/object-type.ts';
import { resolve } from '../path/resolve.ts';
import { may } from '../roles.ts';
import type { Request, ResponseDraft } from '../wire/message.ts';
import { type Change, type Changed, refuse } from './change.ts';
import type { Book } from './state.ts';
import { isAssigned, isSoftware } from './trust.ts';

type Ask = NonNullable<Request['delete']>;
type Result = NonNullable<NonNullable<ResponseDraft['deleteResp']>['deletedObjResults']>[number];

const MOST = 100;

/** Delete (TR-369 1.4): what is gone already is deleted with success (R-DEL.2a); otherwise as Set and Add. */
export function answerDelete(change: Change, { allowPartial, objPaths }: Ask): Changed {
  if (objPaths.length > MOST) return refuse(change, fails(7005, 'Delete'), [], objPaths.slice(0, MOST));
  let book = change.book;
  const results: Result[] = [];
  const deleted: Row[] = [];
  let failed = 0;
  for (const requestedPath of objPaths) {
    const found = rowsAt(change, book, requestedPath);
    if (isFailure(found)) {
      const { errCode, errMsg } = found;
      if (!allowPartial) return refuse(change, found, [{ paramPath: requestedPath, errCode, errMsg }], objPaths);
      failed = errCode;
      results.push({ requestedPath, operStatus: { operFailure: { errCode, errMsg } } });
      continue;
    }
    const { rows } = found;
    book = { ...book, rows: without(book.rows, rows) };
    deleted.push(...rows);
    results.push({ requestedPath, operStatus: { operSuccess: { affectedPaths: rows.map(({ path }) => path) } } });
  }
  const body = { response: { deleteResp: { deletedObjResults: results } } };
  return { body, book, created: [], deleted, paths: objPaths, outcome: failed };
}

function rowsAt(change: Change, book: Book, text: string): { readonly rows: readonly Row[] } | Failure {
  const view = change.view(book);
  const found = resolve(view, text);
  if (isFailure(found)) return found.errCode === 7016 ? { rows: [] } : found;
  if (found.path.leaf !== undefined) return fails(7026, text, 'an object ends with a dot');
  const rows: Row[] = [];
  for (const place of found.at) {
    const row = view.rows.get(place);
    if (row?.type.path.endsWith('.{i}.') !== true) return fails(7018, text, 'only a row can be deleted');
    if (row.type.rows === undefined) return fails(7024, text);
    if (!may(change.controller, 'row', 'w', { type: row.type.path, path: row.path })) return fails(7006, text);
    if (isSoftware(book, row)) return fails(7024, text, 'the roles of the software stay as they are');
    if (isAssigned(book, row)) return fails(7024, text, 'a controller has this role; give it another one first');
    rows.push(row);
  }
  return { rows };
}

function without(all: Book['rows'], rows: readonly Row[]): Book['rows'] {
  const gone = rows.map(({ path }) => path);
  return Object.fromEntries(Object.entries(all).filter(([path]) => !gone.some((one) => path.startsWith(one))));
}
