import { randomBytes } from 'node:crypto';
import { bytes, der, integer, pick, utf8 } from './ber.ts';
import { viewCertificate } from './certificates.ts';
import { code, type EuiccCall, type EuiccFunction, say } from './euicc-call.ts';

/** SGP.22 version 2.2.2 in every field that tells one. */
const VERSION = bytes('020202');

const keyList = (tag: string, { keys }: EuiccCall): Buffer =>
  der(tag, ...keys.roots.map((root) => der('04', bytes(viewCertificate(root)?.ownKey ?? ''))));

/** SGP.22 5.7.8 with the fields that have to be there; categories and additional lists are left out. */
export const info2 = (call: EuiccCall): Buffer => {
  const used = call.euicc.profiles.reduce((sum, profile) => sum + profile.bytes, 0);
  const left = integer(Math.max(0, call.euicc.memoryBytes - used));
  return der(
    'BF22',
    der('81', bytes('020303')),
    der('82', VERSION),
    der('83', bytes('010000')),
    der('84', der('81', bytes('00')), der('82', left), der('83', bytes('1000'))),
    der('85', bytes('067F36C0')),
    der('86', bytes('0F0300')),
    der('87', bytes('020301')),
    der('88', bytes('0490')),
    keyList('A9', call),
    keyList('AA', call),
    der('04', bytes('010000')),
    der('0C', utf8('RELAIS-TEST-0001')),
  );
};

export const IDENTITY: Readonly<Record<string, EuiccFunction>> = {
  BF20: (call) => say('BF20', der('82', VERSION), keyList('A9', call), keyList('AA', call)),
  BF22: (call) => ({ answer: info2(call) }),
  /** A new challenge ends the session before it (SGP.22 5.7.7). */
  BF2E() {
    const challenge = randomBytes(16);
    return { ...say('BF2E', der('80', challenge)), live: { challenge: challenge.toString('hex'), session: undefined } };
  },
  BF3C: ({ euicc }) =>
    say(
      'BF3C',
      ...(euicc.defaultServer === '' ? [] : [der('80', utf8(euicc.defaultServer))]),
      der('81', utf8('lpa.ds.example')),
    ),
  BF3F({ euicc, fields }) {
    const defaultServer = pick(fields, '80')?.body.toString('utf8') ?? '';
    return { ...code('BF3F', 0), euicc: { ...euicc, defaultServer } };
  },
  BF3E: ({ euicc, fields }) =>
    pick(fields, '5C')?.body.equals(bytes('5A')) ? say('BF3E', der('5A', bytes(euicc.eid))) : say('BF3E'),
  /** Whoever owns the profile may forbid that it is deleted; that it is disabled, only the operator 208 10. */
  BF43: () =>
    say(
      'BF43',
      der(
        'A0',
        der('30', der('80', bytes('0520')), der('A1', der('30', der('80', bytes('EEEEEE')))), der('82', bytes('0700'))),
        der('30', der('80', bytes('0640')), der('A1', der('30', der('80', bytes('02F801')))), der('82', bytes('0780'))),
      ),
    ),
};
