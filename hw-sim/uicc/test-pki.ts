import { type Identity, issue } from './certificates.ts';

/** Keys and certificates of one world of test: its root, a maker of eUICCs, one eUICC, and one profile server. */
export type TestPki = {
  readonly eid: string;
  readonly host: string;
  readonly ci: Identity;
  readonly eum: Identity;
  readonly euicc: Identity;
  readonly dpAuth: Identity;
  readonly dpPb: Identity;
  readonly dpTls: Identity;
};

/** SGP.26 2: a test certificate issuer of our own; none of GSMA's keys is in it. Every call makes new keys. */
export function createTestPki({ eid = TEST_EID, host = 'localhost', serverOid = '1.3.6.1.4.1.54321.1' } = {}): TestPki {
  const ci = issue({ role: 'ci', name: 'Relais test CI', serial: 1 });
  const eum = issue({ role: 'eum', name: 'Relais test EUM', serial: 2, permittedSerial: eid.slice(0, 8) }, ci);
  const dp = { host, serverOid };
  return {
    eid,
    host,
    ci,
    eum,
    euicc: issue({ role: 'euicc', name: 'Relais test eUICC', serial: 3, subjectSerial: eid }, eum),
    dpAuth: issue({ role: 'dp-auth', name: 'Relais test SM-DP+', serial: 4, serverOid }, ci),
    dpPb: issue({ role: 'dp-pb', name: 'Relais test SM-DP+', serial: 5, serverOid }, ci),
    dpTls: issue({ role: 'dp-tls', name: 'Relais test SM-DP+', serial: 6, ...dp }, ci),
  };
}

/** 89 for telecommunication, 033 for France, no maker's number; the last two digits check the others (SGP.29). */
export const TEST_EID = checked('890330230000000000000000000001');

function checked(digits: string): string {
  const rest = 98n - (BigInt(`${digits}00`) % 97n);
  return `${digits}${rest.toString().padStart(2, '0')}`;
}
