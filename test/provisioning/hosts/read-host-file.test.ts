import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { HostFormatSchema } from '../../../provisioning/hosts/format.ts';
import { folder } from '../example.ts';
import { EXAMPLE, exampleText, NAMES, PLAIN, read, uses, wrong } from './sample.ts';

const VOICE = 'VOIX;MO;33612345001;+12125550100;05/10/2026;14:30:00;61;;US;R1;;';
const DATA = 'DATA;;33612345001;;05/10/2026;15:00:00;;12,5;USA;R2;N;';
const AT = Date.UTC(2026, 9, 5, 12, 30);

describe('U-5: files of call records of host operators, read by a format that is data', () => {
  test('every shipped format is good, and its file has its name', () => {
    const names = readdirSync(folder('hosts')).filter((name) => name.endsWith('.json'));
    expect(names).toContain('example-host.json');
    for (const name of names) {
      const format = HostFormatSchema.parse(JSON.parse(readFileSync(folder(`hosts/${name}`), 'utf8')));
      expect(`${format.id}.json`).toBe(basename(name));
    }
    expect(EXAMPLE.label).toMatch(/EXAMPLE/);
  });

  test('the worked example: a call from the USA, and data; Paris time, decimal comma, kB', () => {
    const file = read(exampleText([VOICE, DATA], 'TRL;2;61;12500'));
    expect(wrong(file)).toEqual([]);
    expect(uses(file)).toEqual([
      {
        ...{ kind: 'call', id: 'cdr:host:R1', line: '+33612345001', at: AT, visited: 'US', direction: 'outgoing' },
        ...{ party: '+12125550100', seconds: 61, forwarded: false },
      },
      { kind: 'data', id: 'cdr:host:R2', line: '+33612345001', at: AT + 1_800_000, visited: 'US', bytes: 12_500 },
    ]);
  });

  test('every wrong cell is named by line, column, what stands there and what should', () => {
    const lines = [
      VOICE.replace('14:30:00', '14h30'),
      DATA.replace('12,5', '12.5'),
      VOICE.replace('33612345001', '3,36E+10').replace('VOIX', 'VOICE'),
    ];
    const file = read(exampleText(lines, 'TRL;3;0;0'));
    expect(file.records).toEqual([]);
    expect(wrong(file)).toEqual([
      '3:34 "05/10/2026 14h30" a time written DD/MM/YYYY HH:mm:ss (Europe/Paris), on a day that exists',
      '4:41 "12.5" a number of 0 or more with a decimal "," and no other marks',
      '5:1 "VOICE" one of VOIX, SMS, MMS, DATA',
      '5:10 "3,36E+10" a number such as +33612345678; a spreadsheet that made 3,36E+10 of it must keep the column as text',
    ]);
  });

  test('times that no clock in Paris shows are refused, and the repeated hour is its first passage', () => {
    const at = (date: string, time: string) =>
      read(exampleText([VOICE.replace('05/10/2026;14:30:00', `${date};${time}`)], 'TRL;1;61;0'));
    expect(wrong(at('29/03/2026', '02:30:00'))[0]).toContain('its clocks are put forward');
    expect(uses(at('25/10/2026', '02:30:00'))[0]?.at).toBe(Date.UTC(2026, 9, 25, 0, 30));
    expect(wrong(at('31/02/2026', '02:30:00'))[0]).toContain('on a day that exists');
  });

  test.each([
    ['cut off before its last line', exampleText([VOICE], VOICE), 'a last line that begins with TRL'],
    ['one line fewer than it says', exampleText([VOICE], 'TRL;2;61;0'), '1, the number of the lines before'],
    ['other seconds than it says', exampleText([VOICE], 'TRL;1;62;0'), '61, the seconds of the lines before'],
    ['other bytes than it says', exampleText([DATA], 'TRL;1;0;12501'), '12500, the bytes of the lines before'],
    ['without its first line', exampleText([], 'TRL;0;0;0').slice(4), 'a first line that begins with HDR'],
    ['without a column', exampleText([VOICE], 'TRL;1;61;0').replace('MSISDN', 'LIGNE'), 'a column named MSISDN'],
    ['with a quote that never ends', exampleText([`"${VOICE}`], 'TRL;1;61;0'), 'the quote is never closed'],
    ['empty', '', 'a first line that begins with HDR'],
  ])('a file that is %s is broken as a whole', (_, text, remedy) => {
    const file = read(text);
    expect(file.records).toEqual([]);
    expect(file.broken.map((cell) => cell.remedy).join()).toContain(remedy);
  });

  test('U-7: a record that names itself is one record, and never two different ones in a file', () => {
    expect(uses(read(exampleText([VOICE, VOICE], 'TRL;2;122;0'))).map(({ id }) => id)).toEqual(['cdr:host:R1']);
    const file = read(exampleText([VOICE, VOICE.replace(';61;', ';62;')], 'TRL;2;123;0'));
    expect(wrong(file)).toEqual([
      '4:1 "R1" a name of its own: another record of this file has it, and says something else',
    ]);
  });

  test('corrections and cancellations name what they replace; a new record names nothing', () => {
    const correct = VOICE.replace(';R1;;', ';R3;C;R1');
    const cancel = VOICE.replace(';R1;;', ';R4;A;R1');
    expect(uses(read(exampleText([correct, cancel], 'TRL;2;61;0')))).toMatchObject([
      { kind: 'call', id: 'cdr:host:R3', replaces: 'cdr:host:R1' },
      { kind: 'canceled', id: 'cdr:host:R4', replaces: 'cdr:host:R1' },
    ]);
    const itself = VOICE.replace(';R1;;', ';R1;C;R1');
    const nothing = VOICE.replace(';R1;;', ';R1;C;');
    const idle = VOICE.replace(';R1;;', ';R1;N;R0');
    expect(wrong(read(exampleText([itself, nothing, idle], 'TRL;3;0;0'))).map((line) => line.slice(0, 40))).toEqual([
      '3:66 "R1" another name than its own: a r',
      '4:66 "" the name of the record that this',
      '5:66 "R0" empty, because the record is n',
    ]);
  });

  test('a column of names in another order is found by its name', () => {
    const turned = NAMES.split(';').toReversed().join(';');
    const line = VOICE.split(';').toReversed().join(';');
    const text = ['HDR', turned, line, 'TRL;1;61;0'].join('\n');
    expect(uses(read(text))).toEqual(uses(read(exampleText([VOICE], 'TRL;1;61;0'))));
  });
});

const CALL = '0612345678,0172345678,2026-10-05 12:30:00,61,';

describe('U-7: records without names of their own', () => {
  test('two equal lines of one file are two calls; the same lines in another file are the same two', () => {
    const [one, two] = [read(CALL, PLAIN), read(`${CALL}\n${CALL}`, PLAIN)];
    const [ids, both] = [uses(one).map(({ id }) => id), uses(two).map(({ id }) => id)];
    expect(new Set(both).size).toBe(2);
    expect(both[0]).toBe(ids[0]);
  });

  test('the same call in another writing is the same call; of another host it is another', () => {
    const written = { ...PLAIN, separator: ';', start: { ...PLAIN.start, written: 'DD/MM/YYYY HH:mm:ss' } } as const;
    const other = '+33 6 12 34 56 78;+33172345678;05/10/2026 12:30:00;60.2;';
    expect(uses(read(other, written))).toEqual(uses(read(CALL, PLAIN)));
    expect(uses(read(CALL, PLAIN, 'other'))[0]?.id).not.toBe(uses(read(CALL, PLAIN))[0]?.id);
  });

  test('U-5: a cancellation repeats what it takes back, each one of its equals once', () => {
    const file = uses(read([CALL, CALL, `${CALL}X`, `${CALL}X`].join('\n'), PLAIN));
    const [a, b, c, d] = file;
    expect([c?.replaces, d?.replaces]).toEqual([a?.id, b?.id]);
    expect([c?.kind, d?.kind]).toEqual(['canceled', 'canceled']);
  });

  test.each([
    ['seconds', '60.2', 61],
    ['minutes', '1.01', 61],
    ['HH:mm:ss', '00:01:01', 61],
  ] as const)('U-2: a length in %s, every started second counts', (unit, text, seconds) => {
    const format = { ...PLAIN, duration: { column: 4, unit } };
    expect(uses(read(CALL.replace(',61,', `,${text},`), format))).toMatchObject([{ seconds }]);
  });

  test('a format without names of records cannot correct, and says so', () => {
    const bad = HostFormatSchema.safeParse({ ...PLAIN, action: { column: 5, means: { C: 'corrects' } } });
    expect(bad.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)).toEqual([
      'action: without a recordId records can be canceled, by the same content, but not corrected',
    ]);
  });
});
