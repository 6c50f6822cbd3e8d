import { type Card, createCard } from './card.ts';
import type { Euicc } from './card-state.ts';
import type { TestPki } from './test-pki.ts';

/** An eUICC as its maker ships it: with keys, without a profile. */
export function createEuicc(pki: TestPki, change: Partial<Euicc> = {}): Card {
  const euicc: Euicc = {
    eid: pki.eid,
    profiles: [],
    notifications: [],
    nextSequence: 1,
    nextAid: 0x1000,
    defaultServer: '',
    oneTimeKey: undefined,
    memoryBytes: 512_000,
    ...change,
  };
  const keys = {
    key: pki.euicc.key,
    certificate: pki.euicc.certificate,
    makerCertificate: pki.eum.certificate,
    roots: [pki.ci.certificate],
  };
  return createCard({ image: undefined, euicc }, keys);
}
