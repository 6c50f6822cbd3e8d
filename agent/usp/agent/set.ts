import { type Failure, fails, isFailure } from '../failure.ts';
import type { Row } from '../model/object-type.ts';
import { resolve } from '../path/resolve.ts';
import type { Request, ResponseDraft } from '../wire/message.ts';
import { type Applied, apply, type Change, type Changed, refuse } from './change.ts';
import type { Book } from './state.ts';

type Ask = NonNullable<Request['set']>;
type Results = NonNullable<NonNullable<ResponseDraft['setResp']>['updatedObjResults']>;
type Result = Results[number];

/** Objects that one message may name. */
const MOST = 100;

/** Set (TR-369 1.4): without `allow_partial` all objects or none; rows that one search found always all or none. */
export function answerSet(change: Change, { allowPartial, updateObjs }: Ask): Changed {
  const paths = updateObjs.flatMap(({ objPath, paramSettings }) =>
    paramSettings.map(({ param, value }) => `${objPath}${param}=${value}`),
  );
  if (updateObjs.length > MOST) return refuse(change, fails(7005, 'Set'), [], paths.slice(0, MOST));
  let book = change.book;
  const results: Result[] = [];
  let failed = 0;
  for (const update of updateObjs) {
    const found = updateObject(change, book, update);
    if ('errors' in found && !allowPartial) return refuse(change, found.failure, found.errors, paths);
    if ('errors' in found) failed = found.failure.errCode;
    else book = found.book;
    results.push(found.result);
  }
  const body = { response: { setResp: { updatedObjResults: results } } };
  return { body, book, created: [], deleted: [], paths, outcome: failed };
}

type Updated =
  | { readonly result: Result; readonly book: Book }
  | {
      readonly result: Result;
      readonly failure: Pick<Failure, 'errCode' | 'errMsg'>;
      readonly errors: readonly { paramPath: string; errCode: number; errMsg: string }[];
    };

function updateObject(change: Change, before: Book, { objPath, paramSettings }: Ask['updateObjs'][number]): Updated {
  const view = change.view(before);
  const found = resolve(view, objPath);
  if (isFailure(found)) return lost(objPath, found);
  if (found.path.leaf !== undefined) return lost(objPath, fails(7026, objPath, 'an object ends with a dot'));
  const rows: Row[] = [];
  for (const place of found.at) {
    const row = view.rows.get(place);
    if (row === undefined) return lost(objPath, fails(7016, objPath));
    rows.push(row);
  }
  let book = before;
  const done: (Applied & { readonly row: Row })[] = [];
  for (const row of rows) {
    const applied = apply(change, book, row, paramSettings);
    done.push({ ...applied, row });
    if (!applied.refused) book = applied.book;
  }
  if (done.some(({ refused }) => refused)) return undone(objPath, done);
  const updatedInstResults = done.map(({ row, errors, updated }) => ({
    affectedPath: row.path,
    paramErrs: errors,
    updatedParams: updated,
  }));
  return { book, result: { requestedPath: objPath, operStatus: { operSuccess: { updatedInstResults } } } };
}

function undone(requestedPath: string, done: readonly (Applied & { readonly row: Row })[]): Updated {
  const failing = done.filter(({ refused }) => refused);
  // What one may not is said as such (TP-469 2.16).
  const isForbidden = failing[0]?.errors.some(({ errCode }) => errCode === 7006) === true;
  const { errCode, errMsg } = fails(isForbidden ? 7006 : 7021, requestedPath);
  return {
    failure: { errCode, errMsg },
    errors: failing.flatMap(({ row, errors }) =>
      errors.map(({ param, ...why }) => ({ paramPath: `${row.path}${param}`, ...why })),
    ),
    result: {
      requestedPath,
      operStatus: {
        operFailure: {
          ...{ errCode, errMsg },
          updatedInstFailures: failing.map(({ row, errors }) => ({ affectedPath: row.path, paramErrs: errors })),
        },
      },
    },
  };
}

function lost(requestedPath: string, { errCode, errMsg }: Failure): Updated {
  return {
    failure: { errCode, errMsg },
    errors: [{ paramPath: requestedPath, errCode, errMsg }],
    result: { requestedPath, operStatus: { operFailure: { errCode, errMsg } } },
  };
}
