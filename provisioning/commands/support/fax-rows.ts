import type { OpenController, Reply } from '../../support/open-controller.ts';

/** The fax terminal of a site in the data model (docs/fax.md). */
export const FAX = 'Device.Services.VoiceService.1.X_RELAIS_Fax.';

export type Row = { readonly path: string; readonly values: Readonly<Record<string, string>> };

/** Rows that a path means; undefined: the box did not answer. */
export async function readRows(
  link: OpenController,
  device: string,
  path: string,
): Promise<readonly Row[] | undefined> {
  const reply = await link.ask(device, { get: { paramPaths: [path], maxDepth: 1 } });
  if (reply.is !== 'response') return undefined;
  return (reply.response.getResp?.reqPathResults ?? []).flatMap(({ resolvedPathResults }) =>
    resolvedPathResults.map(({ resolvedPath, resultParams }) => ({ path: resolvedPath, values: resultParams })),
  );
}

/** Runs a command that ends later; answers why it was not even begun. */
export async function beginCommand(
  link: OpenController,
  device: string,
  command: string,
  inputArgs: Readonly<Record<string, string>>,
): Promise<{ readonly begun: true } | { readonly silent: true } | { readonly refused: string }> {
  const reply = await link.ask(device, { operate: { command, commandKey: command, sendResp: true, inputArgs } });
  if (reply.is === 'silence') return { silent: true };
  const refused = refusalOf(reply);
  return refused === undefined ? { begun: true } : { refused };
}

function refusalOf(reply: Exclude<Reply, { is: 'silence' }>): string | undefined {
  if (reply.is === 'error') return `${reply.error.errCode} ${reply.error.errMsg}`;
  const [result] = reply.response.operateResp?.operationResults ?? [];
  return result?.cmdFailure && `${result.cmdFailure.errCode} ${result.cmdFailure.errMsg}`;
}
