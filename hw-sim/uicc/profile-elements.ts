import { bytes, der, integer, utf8 } from './ber.ts';

/** What an operator writes into a profile. `files` by path; contents in hex, records where `recordBytes` is there. */
export type ProfilePlan = {
  /** 18 to 20 digits. */
  readonly iccid: string;
  readonly imsi: string;
  readonly pin: string;
  readonly puk: string;
  /** Files beside ICCID, DIR and IMSI, and bytes of each. */
  readonly moreFiles: number;
  readonly moreBytes: number;
  /** An element that no eUICC knows, which has to be refused. */
  readonly hasUnknownElement?: true;
};

/** As many files, and as many bytes, as the generic test profile of GSMA TS.48: 36 files, 12 kB. */
export const TS48_SIZE = { moreFiles: 33, moreBytes: 333 } as const;

/** Nibbles swapped and filled up with F (ETSI TS 102 221 13.2). */
export const swapped = (digits: string, size: number): string =>
  digits
    .padEnd(2 * size, 'F')
    .replace(/(.)(.)/g, '$2$1')
    .toUpperCase();

/**
 * Profile elements of the eUICC Profile Package specification (Trusted Connectivity Alliance, version 2.3): header, codes,
 * files by generic file management, end. Left out: security domains, applications, and keys of the network.
 */
export function profileElements(plan: ProfilePlan): Buffer {
  const header = (number: number) => der('A0', der('80'), der('81', integer(number)));
  return Buffer.concat([
    der(
      'A0',
      der('80', integer(2)),
      der('81', integer(3)),
      der('82', utf8('Relais test profile')),
      der('83', bytes(swapped(plan.iccid, 10))),
    ),
    der(
      'A3',
      header(1),
      der('A1', der('30', der('80', integer(1)), der('81', code(plan.puk, 8)), der('82', bytes('AA')))),
    ),
    der(
      'A2',
      header(2),
      der(
        'A1',
        der(
          'A0',
          der(
            '30',
            der('80', integer(1)),
            der('81', code(plan.pin, 8)),
            der('83', bytes('01')),
            der('84', bytes('33')),
          ),
        ),
      ),
    ),
    der('A1', header(3), der('A1', ...filesOf(plan).map(fileCommands))),
    ...(plan.hasUnknownElement ? [der('BF63', header(4))] : []),
    der('AA', header(5)),
  ]);
}

const code = (digits: string, size: number): Buffer =>
  Buffer.concat([utf8(digits), Buffer.alloc(size - digits.length, 0xff)]);

type PlannedFile = {
  readonly path: string;
  readonly content: string;
  readonly recordBytes?: number;
  readonly reading: 'always' | 'pin';
};

function filesOf(plan: ProfilePlan): readonly PlannedFile[] {
  const usim = 'A0000000871002FF33FF018900000100';
  const record = `61184F10${usim}50045553494D`.padEnd(2 * 38, 'F');
  const more = Array.from({ length: plan.moreFiles }, (_, at): PlannedFile => {
    const id = (0x6f40 + at).toString(16).toUpperCase();
    // Not all the same, so that no protection could hide a mix-up of files.
    const content = Buffer.alloc(plan.moreBytes, at + 1)
      .toString('hex')
      .toUpperCase();
    return { path: `3F00/7FFF/${id}`, content, reading: 'pin' };
  });
  return [
    { path: '3F00/2FE2', content: swapped(plan.iccid, 10), reading: 'always' },
    { path: '3F00/2F00', content: record, recordBytes: 38, reading: 'always' },
    { path: '3F00/7FFF/6F07', content: `08${swapped(`9${plan.imsi}`, 8)}`, reading: 'pin' },
    ...more,
  ];
}

/** File path, createFCP (ETSI TS 102 222 6.3.2.2.2) and content. */
function fileCommands({ path, content, recordBytes, reading }: PlannedFile): Buffer {
  const [id = '', ...folders] = path.split('/').toReversed();
  const size = integer(content.length / 2);
  const descriptor =
    recordBytes === undefined ? bytes('4121') : bytes(`422100${recordBytes.toString(16).padStart(2, '0')}`);
  return der(
    '30',
    der('80', bytes(folders.toReversed().slice(1).join(''))),
    der(
      '62',
      der('82', descriptor),
      der('83', bytes(id)),
      // The rule of access: record 1 of EF ARR reads always, record 2 with the PIN.
      der('8B', bytes(reading === 'always' ? '2F0601' : '2F0602')),
      der('80', size),
    ),
    der('81', bytes(content)),
  );
}
