import { bytes, der, integer, utf8 } from './ber.ts';
import type { Euicc, Session } from './card-state.ts';
import type { EuiccKeys } from './euicc-call.ts';
import { EVENT_BITS, withNotification } from './euicc-notifications.ts';
import { signed } from './keys.ts';

export type LoadEnd = { readonly aid: string } | { readonly error: Buffer };

type Signer = { readonly euicc: Euicc; readonly keys: EuiccKeys; readonly session: Session };

/** BF37 (SGP.22 2.5.6), which is a notification of its own to the server that the package came from. */
export function installationResult(
  { euicc, keys, session }: Signer,
  iccid: string,
  end: LoadEnd,
): readonly [Buffer, Euicc] {
  const metadata = der(
    'BF2F',
    der('80', integer(euicc.nextSequence)),
    der('81', bytes(EVENT_BITS.install)),
    der('0C', utf8(session.address)),
    ...(iccid === '' ? [] : [der('5A', bytes(iccid))]),
  );
  // The inner words are those of the profile package specification: no element had an error.
  const result =
    'aid' in end ? der('A0', der('4F', bytes(end.aid)), der('04', bytes('3007A0053003800100'))) : end.error;
  const own = der(
    'BF27',
    der('80', bytes(session.transactionId)),
    metadata,
    der('06', bytes(session.serverOid)),
    der('A2', result),
  );
  const whole = der('BF37', own, der('5F37', signed(keys.key, own)));
  return [whole, withNotification(euicc, metadata, whole)];
}
