import { type Bytes, hexOf, ownBytes } from '../bytes.ts';
import { type ClientAuthenticated, type Initiated, readClientAuthenticated, readInitiated } from '../es9/answers.ts';
import { authenticateClient, initiateAuthentication } from '../es9/calls.ts';
import { GET_CHALLENGE, GET_INFO_1 } from '../es10/identity.ts';
import { profileMetadata } from '../es10/profiles.ts';
import { authenticateServer, readServerSigned1, readSmdpSigned2, serverOidOf } from '../es10/session.ts';
import { openTlv } from '../tlv.ts';
import { ask, type CardNews, heardFromCard, heardFromServer, post, type ServerNews } from './asked.ts';
import { fail, failed, finish } from './download-end.ts';
import { checkOffer } from './download-install.ts';
import { type Answer, type At, begun, type DownloadOrder, go } from './download-state.ts';
import type { LpaFailure } from './failure.ts';

/** SGP.22 3.0.1, common mutual authentication: who the eUICC is, and a challenge of its own. */
export function informed(state: At<'informing'>, news: CardNews, order: DownloadOrder): Answer {
  const heard = heardFromCard(news, GET_INFO_1);
  if ('failure' in heard) return finish(failed(heard.failure), state.left, order);
  return go({ at: 'challenging', ...begun(state), info: hexOf(heard.value.raw) }, ask(GET_CHALLENGE));
}

export function challenged(state: At<'challenging'>, news: CardNews, order: DownloadOrder): Answer {
  const heard = heardFromCard(news, GET_CHALLENGE);
  if ('failure' in heard) return finish(failed(heard.failure), state.left, order);
  const call = initiateAuthentication(order.server, heard.value, ownBytes(state.info));
  return go({ at: 'initiating', ...begun(state) }, post(order.server, call));
}

export function initiated(state: At<'initiating'>, news: ServerNews, order: DownloadOrder): Answer {
  const heard = heardFromServer(news, readInitiated);
  if ('failure' in heard) return finish(failed(heard.failure), state.left, order);
  const refused = checkServer(heard.value, order);
  if (refused !== undefined) return finish(failed(refused), state.left, order);
  const { transactionId } = heard.value;
  return go({ at: 'authenticating', ...begun(state), transactionId }, ask(authenticationOf(heard.value, order)));
}

const authenticationOf = (given: Initiated, order: DownloadOrder) =>
  authenticateServer(
    {
      signed: given.serverSigned1,
      signature: given.serverSignature1,
      keyIdentifier: given.euiccCiPKIdToBeUsed,
      certificate: given.serverCertificate,
    },
    order.matchingId,
    order.device,
  );

/** SGP.22 3.0.1 step 9: what the LPA checks before the eUICC does. */
function checkServer(given: Initiated, order: DownloadOrder): LpaFailure | undefined {
  const signed = readServerSigned1(given.serverSigned1);
  if (!signed.ok) return { by: 'unreadable', of: 'server', says: signed.wrong };
  if (signed.value.transactionId !== given.transactionId)
    return { by: 'check', says: 'the server signed another transaction than the one that it names' };
  if (signed.value.address.toLowerCase() !== order.server.toLowerCase())
    return { by: 'check', says: 'the server signed another address than the one that was called' };
  if (order.serverOid !== undefined && serverOidOf(given.serverCertificate) !== order.serverOid)
    return { by: 'check', says: 'the server is not the one whose OID the activation code names' };
  return undefined;
}

export function authenticated(state: At<'authenticating'>, news: CardNews, order: DownloadOrder): Answer {
  const heard = heardFromCard(news, { name: 'AuthenticateServer', read: READ_SIGNED });
  if ('failure' in heard) return finish(failed(heard.failure), state.left, order);
  const { value } = heard;
  if (value.is === 'refused') {
    const failure: LpaFailure = { by: 'card', function: 'AuthenticateServer', code: value.code, says: value.says };
    return finish(failed(failure), state.left, order);
  }
  const call = authenticateClient(state.transactionId, value.raw);
  const next = { at: 'authenticating-client', ...begun(state), transactionId: state.transactionId } as const;
  return go(next, post(order.server, call));
}

const NO_PROOF = { signed: new Uint8Array(), signature: new Uint8Array(), keyIdentifier: new Uint8Array() };
const READ_SIGNED = authenticateServer({ ...NO_PROOF, certificate: new Uint8Array() }, '', {
  tac: '',
  imei: undefined,
}).read;

export function clientAuthenticated(
  state: At<'authenticating-client'>,
  news: ServerNews,
  order: DownloadOrder,
): Answer {
  const heard = heardFromServer(news, readClientAuthenticated);
  if ('failure' in heard) return fail(state.transactionId, state, heard.failure);
  const offer = offerOf(heard.value);
  if ('failure' in offer) return fail(state.transactionId, state, offer.failure);
  if (offer.value.transactionId !== state.transactionId)
    return fail(state.transactionId, state, { by: 'check', says: 'the server answers for another transaction' });
  return checkOffer({ ...begun(state), offer: offer.value }, order);
}

function offerOf(given: ClientAuthenticated) {
  const unreadable = (says: string) => ({ failure: { by: 'unreadable', of: 'server', says } as const });
  const signed = readSmdpSigned2(given.smdpSigned2);
  if (!signed.ok) return unreadable(signed.wrong);
  const metadata = metadataOf(given.profileMetadata);
  if (metadata === undefined) return unreadable('profile metadata: no ICCID');
  const { transactionId, needsConfirmation } = signed.value;
  if (transactionId !== given.transactionId)
    return {
      failure: { by: 'check', says: 'the server signed another transaction than the one that it names' } as const,
    };
  return {
    value: {
      transactionId,
      metadata,
      needsConfirmation,
      rawMetadata: hexOf(given.profileMetadata),
      signed: hexOf(given.smdpSigned2),
      signature: hexOf(given.smdpSignature2),
      certificate: hexOf(given.smdpCertificate),
    },
  };
}

function metadataOf(raw: Bytes) {
  const found = openTlv(raw, 0xbf25);
  return found.ok ? profileMetadata(found.value) : undefined;
}
