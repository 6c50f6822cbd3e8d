import { hexOf, ownBytes, sameBytes } from '../bytes.ts';
import { readPackage } from '../es9/answers.ts';
import { getBoundProfilePackage } from '../es9/calls.ts';
import { GET_RAT } from '../es10/identity.ts';
import { metadataIn, readInstallationResult, segmentsOf } from '../es10/package.ts';
import { getProfiles } from '../es10/profiles.ts';
import { prepareDownload } from '../es10/session.ts';
import { ask, type CardNews, heardFromCard, heardFromServer, post, type ServerNews } from './asked.ts';
import { cancel, fail, failed } from './download-end.ts';
import { type Answer, type At, type Begun, begun, type DownloadOrder, go, type Offer } from './download-state.ts';
import type { LpaFailure } from './failure.ts';
import { areRulesAllowed } from './rules.ts';

type Offered = Begun & { readonly offer: Offer };

/** SGP.22 3.1.3: rules of the profile first, then whether it is there already, then whether it is wanted. */
export function checkOffer(state: Offered, order: DownloadOrder): Answer {
  const { offer } = state;
  if (offer.needsConfirmation && order.confirmationCode === undefined)
    return fail(offer.transactionId, state, { by: 'order', says: NEEDS_CODE });
  const { noDisabling, noDeletion } = offer.metadata.rules;
  if (noDisabling || noDeletion) return go({ at: 'reading-rules', ...begun(state), offer }, ask(GET_RAT));
  return seekTwin(state);
}

const NEEDS_CODE = 'a confirmation code is needed: give the one that came with the order';

export function rulesRead(state: At<'reading-rules'>, news: CardNews): Answer {
  const { offer } = state;
  const heard = heardFromCard(news, GET_RAT);
  if ('failure' in heard) return fail(offer.transactionId, state, heard.failure);
  if (areRulesAllowed(heard.value, offer.metadata)) return seekTwin(state);
  return cancel(offer.transactionId, state.left, { is: 'canceled', reason: 'rules-not-allowed' });
}

const seekTwin = (state: Offered): Answer =>
  go(
    { at: 'seeking-twin', ...begun(state), offer: state.offer },
    ask(getProfiles({ iccid: state.offer.metadata.iccid })),
  );

export function twinSought(state: At<'seeking-twin'>, news: CardNews): Answer {
  const { offer } = state;
  const heard = heardFromCard(news, getProfiles());
  if ('failure' in heard) return fail(offer.transactionId, state, heard.failure);
  if (heard.value.length > 0)
    return fail(offer.transactionId, state, { by: 'check', says: 'a profile of this ICCID is installed already' });
  return go({ at: 'consenting', ...begun(state), offer }, { do: 'ask-consent', metadata: offer.metadata });
}

export function consented(state: At<'consenting'>, order: DownloadOrder): Answer {
  const { offer } = state;
  const { signed, signature, certificate } = offer;
  const proof = { signed: ownBytes(signed), signature: ownBytes(signature), certificate: ownBytes(certificate) };
  const code = offer.needsConfirmation ? order.confirmationCode : undefined;
  const call = prepareDownload(proof, ownBytes(offer.transactionId), code);
  return go({ at: 'preparing', ...begun(state), offer }, ask(call));
}

export function prepared(state: At<'preparing'>, news: CardNews, order: DownloadOrder): Answer {
  const { offer } = state;
  const heard = heardFromCard(news, { name: 'PrepareDownload', read: READ_PREPARED });
  if ('failure' in heard) return fail(offer.transactionId, state, heard.failure);
  const { value } = heard;
  if (value.is === 'refused')
    return fail(offer.transactionId, state, {
      by: 'card',
      function: 'PrepareDownload',
      code: value.code,
      says: value.says,
    });
  const call = getBoundProfilePackage(offer.transactionId, value.raw);
  return go({ at: 'fetching', ...begun(state), offer }, post(order.server, call));
}

const NOTHING = new Uint8Array();
const READ_PREPARED = prepareDownload({ signed: NOTHING, signature: NOTHING, certificate: NOTHING }, NOTHING).read;

export function fetched(state: At<'fetching'>, news: ServerNews): Answer {
  const { offer } = state;
  const { transactionId } = offer;
  const heard = heardFromServer(news, readPackage);
  if ('failure' in heard) return fail(transactionId, state, heard.failure);
  const bound = heard.value.boundProfilePackage;
  const segments = segmentsOf(bound);
  if (!segments.ok) return fail(transactionId, state, { by: 'unreadable', of: 'server', says: segments.wrong });
  const refused = checkPackage(heard.value.transactionId, metadataIn(segments.value), offer);
  if (refused !== undefined) return fail(transactionId, state, refused);
  const requests = segments.value.map(hexOf);
  return go({ at: 'loading', ...begun(state), offer }, { do: 'ask-card', name: 'LoadBoundProfilePackage', requests });
}

/** SGP.22 3.1.3: what is installed is what was shown and consented to. */
function checkPackage(transactionId: string, metadata: Uint8Array, offer: Offer): LpaFailure | undefined {
  if (transactionId !== offer.transactionId) return { by: 'check', says: 'the server answers for another transaction' };
  if (!sameBytes(metadata, ownBytes(offer.rawMetadata)))
    return { by: 'check', says: 'the package holds another profile than the one that was offered' };
  return undefined;
}

/** The card's own words decide. Where they were lost, the list of profiles does. */
export function loaded(state: At<'loading'>, news: CardNews): Answer {
  const { offer } = state;
  const heard = heardFromCard(news, { name: 'LoadBoundProfilePackage', read: readInstallationResult });
  if ('failure' in heard)
    return go({ at: 'looking', ...begun(state), offer }, ask(getProfiles({ iccid: offer.metadata.iccid })));
  const { end } = heard.value;
  if (end.is === 'installed') return installed(offer);
  const failure = {
    by: 'card',
    function: `LoadBoundProfilePackage, ${end.command}`,
    code: end.reason,
    says: end.says,
  } as const;
  return go({ at: 'over', end: failed(failure) });
}

const installed = ({ metadata }: Offer): Answer => go({ at: 'over', end: { is: 'installed', iccid: metadata.iccid } });

export function lookedUp(state: At<'looking'>, news: CardNews): Answer {
  const { offer } = state;
  const heard = heardFromCard(news, { name: 'GetProfilesInfo', read: getProfiles().read });
  if ('value' in heard && heard.value.length > 0) return installed(offer);
  const says = 'the card was lost while the package was loaded, and does not hold the profile';
  const failure = 'failure' in heard ? heard.failure : ({ by: 'silence', of: 'card', says } as const);
  return fail(offer.transactionId, state, failure);
}
