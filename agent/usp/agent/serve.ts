import type { ServiceSurroundings } from '../../model/judge-services.ts';
import type { ManagedServices } from '../../model/managed-services.ts';
import { type Failure, fails } from '../failure.ts';
import { readServices } from '../model/read-services.ts';
import { isServed } from '../model/service-objects.ts';
import type { ServiceRows } from '../model/service-rows.ts';
import type { ServicesView } from '../sight.ts';
import type { Book, UspState } from './state.ts';

/**
 * The rows of the managed services are kept by whoever carries them out: what is wanted, tried or taken back is there and
 * nowhere else. They enter the book as they are at the moment, so that Set, Add and Delete work on them as on any row.
 */
export function withServices(state: UspState, services: ServicesView | undefined): UspState {
  if (services === undefined || state.served === services.rows) return state;
  const others = Object.entries(state.book.rows).filter(([path]) => !isServed(path));
  const book = {
    ...state.book,
    rows: { ...Object.fromEntries(others), ...services.rows },
    last: lastOf(state.book, services.rows),
  };
  return { ...state, book, served: services.rows };
}

/** The standard configuration has rows that nobody added: their numbers are taken too. */
function lastOf({ last }: Book, rows: ServiceRows): Book['last'] {
  const numbers: Record<string, number> = { ...last };
  for (const path of Object.keys(rows)) {
    const [, table = '', number] = /^(.*\.)(\d+)\.$/.exec(path) ?? [];
    if (number !== undefined) numbers[table] = Math.max(numbers[table] ?? 0, Number(number));
  }
  return numbers;
}

const rowsIn = (book: Book): ServiceRows =>
  Object.fromEntries(Object.entries(book.rows).filter(([path]) => isServed(path)));

export type Served = { readonly rows: ServiceRows; readonly services: ManagedServices };

/** What a changed book wants of the managed services; nothing where it wants what is there. One change at a time. */
export function servicesWanted(
  { before, after }: { readonly before: Book; readonly after: Book },
  services: ServicesView | undefined,
  around: ServiceSurroundings | undefined,
): Served | Failure | undefined {
  const rows = rowsIn(after);
  if (JSON.stringify(rows) === JSON.stringify(rowsIn(before))) return undefined;
  const where = Object.keys(rows).find((path) => after.rows[path] !== before.rows[path]) ?? 'Device.X_RELAIS_Services.';
  if (services === undefined || around === undefined) return fails(7002, where, 'this box has no managed services');
  if (services.state !== 'Committed')
    return fails(7002, where, `change ${services.change || services.lastChange} is not over; one at a time`);
  const read = readServices(rows, around);
  return 'errCode' in read ? read : { rows, services: read.services };
}
