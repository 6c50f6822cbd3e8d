import { FAX_DOCUMENTS, type FaxDocument, type FaxDocumentState, type ReceivedFax } from '../../model/fax-documents.ts';
import type { UspRules } from '../agent/state.ts';
import { controllerPath } from '../controller.ts';
import type { Sight } from '../sight.ts';
import { text, writeDateTime } from './bind-site.ts';
import type { Values } from './object-type.ts';

/** The only voice service of the site. */
export const FAX = 'Device.Services.VoiceService.1.X_RELAIS_Fax.';

const STATUS: Readonly<Record<FaxDocumentState, string>> = {
  receiving: 'Receiving',
  preparing: 'Preparing',
  waiting: 'Waiting',
  calling: 'Calling',
  sent: 'Sent',
  failed: 'Failed',
  refused: 'Refused',
};
const MAIL = { waiting: 'Waiting', delivered: 'Delivered', stuck: 'Stuck' } as const;

/** Documents and faxes that came in, where the site has a terminal line. */
export function bindFax({ fax }: Sight, rules: UspRules): Readonly<Record<string, Values>> {
  if (fax === undefined) return {};
  const { lines, documents, received } = fax;
  return {
    [FAX]: {
      Lines: lines.join(','),
      LargestDocument: text(FAX_DOCUMENTS.largest),
      LargestPiece: text(FAX_DOCUMENTS.piece),
      MostDocuments: text(FAX_DOCUMENTS.most),
      DocumentNumberOfEntries: text(documents.length),
      ReceivedNumberOfEntries: text(received.length),
    },
    ...Object.fromEntries(documents.map((one) => [`${FAX}Document.${one.number}.`, documentRow(one, rules)])),
    ...Object.fromEntries(received.map((one) => [`${FAX}Received.${one.number}.`, receivedRow(one)])),
  };
}

function documentRow(document: FaxDocument, { controllers }: UspRules): Values {
  const by = controllers.find(({ endpoint }) => endpoint === document.by);
  return {
    // A controller that is no longer there has nobody who could see its documents, but the second level.
    Originator: by === undefined ? '' : controllerPath(by),
    Name: document.name,
    DirectoryNumber: document.line,
    To: document.to,
    Bytes: text(document.bytes),
    BytesKept: text(document.bytesKept),
    SHA256: document.sha256,
    Began: writeDateTime(document.began),
    ...endOf(document),
  };
}

/** What became of a document, as its row and the end of `SendDocument()` say it. */
export const endOf = ({ state, pages, confirmed, calls, text: result }: FaxDocument): Values => ({
  ...{ Status: STATUS[state], Pages: text(pages), PagesConfirmed: text(confirmed) },
  ...{ Calls: text(calls), Result: result },
});

const receivedRow = (fax: ReceivedFax): Values => ({
  Alias: `cpe-${fax.number}`,
  DirectoryNumber: fax.line,
  From: fax.from,
  Station: fax.station,
  Began: writeDateTime(fax.began),
  Ended: writeDateTime(fax.ended),
  Pages: text(fax.pages),
  Rate: text(fax.rate ?? 0),
  ErrorCorrection: fax.ecm === undefined ? 'Unknown' : fax.ecm ? 'On' : 'Off',
  Outcome: fax.outcome,
  Result: fax.text,
  Mail: MAIL[fax.mail],
});
