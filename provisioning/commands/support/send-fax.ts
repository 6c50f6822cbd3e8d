import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { FAX_DOCUMENTS } from '../../../agent/model/fax-documents.ts';
import type { OpenController } from '../../support/open-controller.ts';
import { DONE, FAILED, type Terminal } from '../command.ts';
import { beginCommand, FAX, type Row, readRows } from './fax-rows.ts';

export type FaxWish = {
  readonly device: string;
  readonly line: string;
  readonly to: string;
  readonly octets: Uint8Array;
  /** Under which the box knows the document; the same name is the same document, sent once. */
  readonly name?: string | undefined;
  /** Stays until the fax is sent or given up. */
  readonly wait: boolean;
};

const SOON = 150;
const LATER = 2_000;
/** How often nothing may come back before it is said that nobody is there; each takes the patience of a question. */
const MOST_SILENT = 6;
/** How often a box may answer that it has no such document yet: it is there when it is on the medium. */
const MOST_ABSENT = 200;
const GOES_ON = 'run the same command again: it goes on where it was, and the document is faxed once';
const OVER: readonly string[] = ['Sent', 'Failed', 'Refused'];

/** Hands a document over in pieces, each confirmed when it is on the medium of the box, and says how it goes. */
export async function sendFax(link: OpenController, wish: FaxWish, terminal: Terminal): Promise<number> {
  const { device, line, to, octets } = wish;
  const sha256 = createHash('sha256').update(octets).digest('hex');
  const name = wish.name ?? `${sha256.slice(0, 16)}-${to.replace('+', '')}`;
  const asked = { Name: name, DirectoryNumber: line, To: to, Bytes: String(octets.length), SHA256: sha256 };
  const begun = await beginCommand(link, device, `${FAX}SendDocument()`, asked);
  if ('refused' in begun) return fail(terminal, begun.refused);
  if ('silent' in begun) return fail(terminal, noAnswer(wish));
  return follow(link, { ...wish, name, sha256 }, terminal);
}

const noAnswer = ({ device }: FaxWish): string => `${device} does not answer; ${GOES_ON}`;

type Named = FaxWish & { readonly name: string; readonly sha256: string };

async function follow(link: OpenController, wish: Named, terminal: Terminal): Promise<number> {
  let silent = 0;
  let absent = 0;
  let said = '';
  const say = (line: string): void => {
    if (line !== said) terminal.out(line);
    said = line;
  };
  while (silent < MOST_SILENT && absent < MOST_ABSENT) {
    const rows = await rowsOf(link, wish);
    const row = rows?.[0];
    silent = rows === undefined ? silent + 1 : 0;
    absent = row === undefined ? absent + 1 : 0;
    if (row === undefined) {
      await pause(SOON);
      continue;
    }
    const { octets } = wish;
    const { Status = '', BytesKept = '0' } = row.values;
    say(progressOf(wish, row));
    if (OVER.includes(Status)) return Status === 'Sent' ? DONE : FAILED;
    if (Status === 'Receiving') {
      // Where all of it is there and nothing came of it, the last octet said again has the box try once more.
      const refused = await putPiece(link, wish, row.path, Math.min(Number(BytesKept), octets.length - 1));
      if (refused !== undefined) return fail(terminal, refused);
    } else if (wish.wait) await pause(LATER);
    else {
      terminal.out(
        `${wish.name}: the box has it, and sends it by itself; relais support faxes ${wish.device} tells how it goes`,
      );
      return DONE;
    }
  }
  return fail(terminal, silent > 0 ? noAnswer(wish) : `${wish.device} answers and has not the document; ${GOES_ON}`);
}

const rowsOf = (link: OpenController, { device, name, sha256 }: Named): Promise<readonly Row[] | undefined> =>
  readRows(link, device, `${FAX}Document.[Name=="${name}"&&SHA256=="${sha256}"].`);

/** Looks for the confirmation as long as a medium may take; after that the piece is simply given again. */
async function putPiece(link: OpenController, wish: Named, path: string, offset: number): Promise<string | undefined> {
  const piece = wish.octets.subarray(offset, offset + FAX_DOCUMENTS.piece);
  const input = { Offset: String(offset), Octets: Buffer.from(piece).toString('base64') };
  const begun = await beginCommand(link, wish.device, `${path}Put()`, input);
  if ('refused' in begun) return begun.refused;
  for (let look = 0; look < 40; look += 1) {
    const row = (await rowsOf(link, wish))?.[0];
    if (row === undefined || row.values.Status !== 'Receiving' || Number(row.values.BytesKept) > offset)
      return undefined;
    await pause(SOON);
  }
  return undefined;
}

function progressOf({ name, octets }: Named, { values }: Row): string {
  const { Status = '', BytesKept = '0', Pages = '0', PagesConfirmed = '0', Calls = '0', Result = '' } = values;
  const says = Result === '' ? '' : `: ${Result}`;
  switch (Status) {
    case 'Receiving':
      return `${name}: ${Math.floor((Number(BytesKept) * 100) / octets.length)} % handed over`;
    case 'Preparing':
      return `${name}: is being drawn`;
    case 'Waiting':
      return `${name}: waits for its call, ${PagesConfirmed} of ${Pages} pages confirmed${says}`;
    case 'Calling':
      return `${name}: call ${Calls}, ${PagesConfirmed} of ${Pages} pages confirmed`;
    case 'Sent':
      return `${name}: sent, ${PagesConfirmed} of ${Pages} pages confirmed in ${Calls} calls${says}`;
    case 'Failed':
      return `${name}: given up, ${PagesConfirmed} of ${Pages} pages confirmed in ${Calls} calls${says}`;
    default:
      return `${name}: refused${says}`;
  }
}

function fail({ err }: Terminal, why: string): number {
  err(`relais support fax: ${why}`);
  return FAILED;
}
