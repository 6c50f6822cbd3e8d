import type { OpenController } from '../../support/open-controller.ts';
import { DONE, FAILED, type Terminal } from '../command.ts';
import { FAX, type Row, readRows } from './fax-rows.ts';

const STATUS: Readonly<Record<string, string>> = {
  Receiving: 'en cours de dépôt',
  Preparing: 'en préparation',
  Waiting: 'en attente',
  Calling: 'appel en cours',
  Sent: 'envoyé',
  Failed: 'abandonné',
  Refused: 'refusé',
};
const MAIL: Readonly<Record<string, string>> = {
  Waiting: 'à envoyer par mail',
  Delivered: 'envoyé par mail',
  Stuck: 'mail bloqué',
};

/** Documents to be faxed and faxes that came in, in words for the client, who reads French; or as JSON. */
export async function listFaxes(
  link: OpenController,
  device: string,
  terminal: Terminal,
  json: boolean,
): Promise<number> {
  const documents = await readRows(link, device, `${FAX}Document.*.`);
  const received = await readRows(link, device, `${FAX}Received.*.`);
  if (documents === undefined || received === undefined) {
    terminal.err(`relais support faxes: ${device} does not answer`);
    return FAILED;
  }
  for (const row of documents) terminal.out(json ? JSON.stringify({ kind: 'document', ...row }) : documentLine(row));
  for (const row of received) terminal.out(json ? JSON.stringify({ kind: 'received', ...row }) : receivedLine(row));
  if (!json && documents.length + received.length === 0) terminal.out('aucun fax');
  return DONE;
}

const pagesOf = (count: string): string => `${count} page${Number(count) > 1 ? 's' : ''}`;

function documentLine({ values }: Row): string {
  const {
    Name = '',
    DirectoryNumber = '',
    To = '',
    Status = '',
    Pages = '0',
    PagesConfirmed = '0',
    Result = '',
  } = values;
  const says = Result === '' ? '' : ` : ${Result}`;
  return `envoi ${Name}  de ${DirectoryNumber} vers ${To}, ${STATUS[Status] ?? Status}, ${PagesConfirmed} sur ${pagesOf(Pages)}${says}`;
}

function receivedLine({ path, values }: Row): string {
  const { DirectoryNumber = '', From = '', Began = '', Pages = '0', Rate = '0', ErrorCorrection = '' } = values;
  const { Result = '', Mail = '' } = values;
  const number = path.split('.').at(-2) ?? '';
  const ecm = ErrorCorrection === 'On' ? ', avec correction d’erreurs' : '';
  const rate = Rate === '0' ? '' : `, ${Rate} bit/s${ecm}`;
  const who = From === '' ? 'un numéro masqué' : From;
  return `reçu ${number}  le ${Began} de ${who} sur ${DirectoryNumber}, ${pagesOf(Pages)}${rate}, ${MAIL[Mail] ?? Mail} : ${Result}`;
}
