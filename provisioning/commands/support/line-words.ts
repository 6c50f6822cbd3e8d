import type { Response } from '../../../agent/usp/wire/message.ts';
import type { Said } from './answer-lines.ts';

/** The lines of a site in the words of the client, who reads French. */
export function lineWords({ getResp }: Response): Said {
  const found = (getResp?.reqPathResults ?? []).flatMap(({ resolvedPathResults }) => resolvedPathResults);
  const lines = found.flatMap(({ resultParams: { DirectoryNumber, X_RELAIS_Label, Enable } }) =>
    DirectoryNumber === undefined
      ? []
      : [`${DirectoryNumber}  ${X_RELAIS_Label ?? ''}  ${Enable === 'true' ? 'en service' : 'suspendue'}`],
  );
  const service = found.find(({ resultParams }) => resultParams.X_RELAIS_CallsInProgress !== undefined)?.resultParams;
  const calls = Number(service?.X_RELAIS_CallsInProgress ?? 0);
  const channels = service?.X_RELAIS_Channels ?? '?';
  const said = calls === 0 ? 'aucun appel en cours' : calls === 1 ? '1 appel en cours' : `${calls} appels en cours`;
  return { out: [...lines, `${said} sur ${channels} simultanés au plus`], err: [] };
}
