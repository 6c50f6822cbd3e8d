import { type Bytes, base64Of } from '../bytes.ts';

/** A function of the server: the path of the POST and its JSON body (SGP.22 5.6 and 6.5.2). */
export type Es9Call = { readonly path: string; readonly body: string };

/** SGP.22 6.5.1.1: what every POST bears. A server decides by it which version of the protocol it speaks. */
export const ES9_HEADERS: Readonly<Record<string, string>> = {
  'User-Agent': 'gsma-rsp-lpad',
  'X-Admin-Protocol': 'gsma/rsp/v2.2.2',
  'Content-Type': 'application/json',
};

/** SGP.22 5.6.1. */
export const initiateAuthentication = (server: string, challenge: Bytes, info: Bytes): Es9Call =>
  call('initiateAuthentication', {
    smdpAddress: server,
    euiccChallenge: base64Of(challenge),
    euiccInfo1: base64Of(info),
  });

/** SGP.22 5.6.3. */
export const authenticateClient = (transactionId: string, answer: Bytes): Es9Call =>
  call('authenticateClient', { transactionId, authenticateServerResponse: base64Of(answer) });

/** SGP.22 5.6.2. */
export const getBoundProfilePackage = (transactionId: string, answer: Bytes): Es9Call =>
  call('getBoundProfilePackage', { transactionId, prepareDownloadResponse: base64Of(answer) });

/** SGP.22 5.6.4: answered by a 204 and nothing else. */
export const handleNotification = (notification: Bytes): Es9Call =>
  call('handleNotification', { pendingNotification: base64Of(notification) });

/** SGP.22 5.6.5. */
export const cancelAtServer = (transactionId: string, answer: Bytes): Es9Call =>
  call('cancelSession', { transactionId, cancelSessionResponse: base64Of(answer) });

const call = (name: string, body: Readonly<Record<string, string>>): Es9Call => ({
  path: `/gsma/rsp2/es9plus/${name}`,
  body: JSON.stringify(body),
});
