import { describe, expect, it } from 'vitest';
import { FAX_DOCUMENTS, type FaxDocument, type FaxView, type ReceivedFax } from '../../../agent/model/fax-documents.ts';
import { SUPPORT_ROLES, type SupportRole } from '../../../agent/model/management.ts';
import { EMPTY_BOOK, startUsp, type UspEffect } from '../../../agent/usp/agent/state.ts';
import { stepUsp, writeBook } from '../../../agent/usp/agent/step.ts';
import { createDesk, get, RULES, required, SIGHT } from './desk.ts';

const FAX = 'Device.Services.VoiceService.1.X_RELAIS_Fax.';
const SEND = `${FAX}SendDocument()`;
const LINE = '+33172890001';
const OTHER = '+33172890002';
const WISH = { Name: 'devis', DirectoryNumber: LINE, To: '0142000001', Bytes: '300', SHA256: 'ab'.repeat(32) };
const NO_FAX: FaxView = { lines: [LINE, OTHER], documents: [], received: [] };

function deskWith(fax: Partial<FaxView> = {}) {
  const desk = createDesk();
  desk.see({ fax: { ...NO_FAX, ...fax } });
  const operate = (command: string, inputArgs: Readonly<Record<string, string>>, role: SupportRole = 'client') => {
    const before = desk.all.length;
    const { response, error } = desk.ask({ operate: { command, commandKey: 'key', sendResp: true, inputArgs } }, role);
    const [result] = response?.operateResp?.operationResults ?? [];
    const effects = desk.all.slice(before);
    const orders = effects.flatMap((effect) => (effect.do === 'fax' ? [effect] : []));
    return { request: result?.reqObjPath, failure: result?.cmdFailure ?? error, orders };
  };
  return { ...desk, operate };
}

const document = (more: Partial<FaxDocument> = {}): FaxDocument => ({
  ...{ number: 4, by: 'self::support.client', name: 'devis', line: LINE, to: '0142000001', bytes: 300 },
  ...{
    sha256: 'ab'.repeat(32),
    bytesKept: 0,
    state: 'receiving',
    pages: 0,
    confirmed: 0,
    calls: 0,
    text: '',
    began: 1,
  },
  request: { number: 9, controller: 4, command: SEND, commandKey: 'key' },
  ...more,
});
const RECEIVED: ReceivedFax = {
  ...{ number: 2, line: LINE, from: '+33142000001', station: '01 42', began: 1, ended: 2, pages: 3, rate: 14_400 },
  ...{ ecm: true, outcome: 'all-confirmed', text: 'Toutes.', mail: 'waiting' },
};

/** Subscribes to the ends of commands of faxes. */
const follow = (more: Readonly<Record<string, string>> = {}) => ({
  add: {
    createObjs: [
      {
        objPath: 'Device.LocalAgent.Subscription.',
        paramSettings: required({
          ID: 'ends',
          Enable: 'true',
          NotifType: 'OperationComplete',
          ReferenceList: FAX,
          ...more,
        }),
      },
    ],
  },
});
const ends = (desk: ReturnType<typeof deskWith>, effects: readonly UspEffect[]) =>
  desk.notices(effects).flatMap(({ operComplete }) => operComplete ?? []);

describe('X-7, M-6: a document is handed over by SendDocument() and Put()', () => {
  it('the second level and the client may; the first level and billing may not', () => {
    const may = (role: SupportRole) => deskWith().operate(SEND, WISH, role).failure?.errCode ?? 0;
    expect(SUPPORT_ROLES.map(may)).toEqual([7006, 0, 7006, 0]);
  });

  it('it has a Request row until the document is over, and its end says what became of it', () => {
    const desk = deskWith();
    desk.event('joined');
    desk.ask(follow(), 'client');
    const { request, orders } = desk.operate(SEND, WISH);
    expect(request).toMatch(/^Device\.LocalAgent\.Request\.\d+\.$/);
    expect(orders).toMatchObject([
      { order: { order: 'begin', wish: { number: 1, name: 'devis', line: LINE, bytes: 300 } } },
    ]);
    desk.see({ fax: { ...NO_FAX, documents: [document({ number: 1, state: 'calling', pages: 2, calls: 1 })] } });
    expect(ends(desk, desk.event('looked'))).toEqual([]);
    expect(desk.state().going).toHaveLength(1);
    const sent = document({ number: 1, state: 'sent', pages: 2, confirmed: 2, calls: 1, text: 'Toutes.' });
    desk.see({ fax: { ...NO_FAX, documents: [sent] } });
    expect(ends(desk, desk.event('looked'))).toMatchObject([
      {
        ...{ objPath: FAX, commandName: 'SendDocument()', commandKey: 'key' },
        reqOutputArgs: {
          outputArgs: { Document: `${FAX}Document.1.`, Status: 'Sent', PagesConfirmed: '2', Result: 'Toutes.' },
        },
      },
    ]);
    expect(desk.state().going).toEqual([]);
  });

  it('after a restart the command goes on, and its end is told', () => {
    const going = [{ ...document().request, document: 4 }];
    const [state, effects] = stepUsp(
      startUsp(EMPTY_BOOK, going),
      { on: 'looked', sight: { ...SIGHT, fax: { ...NO_FAX, documents: [document({ state: 'waiting' })] } }, chance: 0 },
      RULES,
    );
    expect([state.going, effects.filter((one) => one.do !== 'keep')]).toEqual([going, []]);
  });

  it('the same document under the same name is asked for once, another one under that name is refused', () => {
    const desk = deskWith({ documents: [document()] });
    expect(desk.operate(SEND, WISH)).toMatchObject({ failure: undefined, orders: [] });
    expect(desk.operate(SEND, { ...WISH, To: '0142000002' }).failure?.errMsg).toContain('choose another name');
    const other = desk.operate(SEND, WISH, 'support-2');
    expect(other.orders).toMatchObject([
      { order: { order: 'begin', wish: { number: 5, by: 'self::support.support-2' } } },
    ]);
  });

  it.each([
    ['Name', '../x', /Name: .*of your own choosing/],
    ['DirectoryNumber', OTHER, /DirectoryNumber: .*there is \+33172890001$/],
    ['To', 'dial me', /To: .*digits/],
    ['Bytes', '0', /Bytes: 1 to/],
    ['Bytes', String(FAX_DOCUMENTS.largest + 1), /split it/],
    ['SHA256', 'AB', /SHA256: .*lower-case hex/],
  ])('%s %s is refused with the field and the remedy', (field, value, says) => {
    const { failure, orders } = deskWith().operate(SEND, { ...WISH, [field]: value });
    expect([failure?.errCode, orders]).toEqual([7027, []]);
    expect(failure?.errMsg).toMatch(says);
  });

  it('a piece is ordered as it came; one that is none is refused with the field', () => {
    const desk = deskWith({ documents: [document()] });
    const put = `${FAX}Document.4.Put()`;
    const octets = Buffer.from('hello').toString('base64');
    expect(desk.operate(put, { Offset: '0', Octets: octets }).orders).toMatchObject([
      { order: { order: 'put', document: 4, offset: 0, octets } },
    ]);
    expect(desk.operate(put, { Offset: '0', Octets: 'h e' }).failure?.errMsg).toContain('Octets: base64');
    expect(desk.operate(put, { Offset: '-1', Octets: octets }).failure?.errMsg).toContain('Offset');
    const large = Buffer.alloc(FAX_DOCUMENTS.piece + 1).toString('base64');
    expect(desk.operate(put, { Offset: '0', Octets: `${large}AAAA` }).failure?.errMsg).toContain('at most');
    expect(desk.operate(put, { Offset: '0' }).failure?.errCode).toBe(7027);
  });

  it('M-6: the book names the document and its hash, not its pieces; a refused piece is in it', () => {
    const desk = deskWith({ documents: [document()] });
    desk.operate(SEND, { ...WISH, Name: 'autre' });
    desk.operate(`${FAX}Document.4.Put()`, { Offset: '0', Octets: 'aGVsbG8=' });
    desk.operate(`${FAX}Document.4.Put()`, { Offset: 'x', Octets: 'aGVsbG8=' });
    expect(desk.deeds().map(({ by, paths, outcome }) => [by, paths, outcome])).toEqual([
      [
        'self::support.client',
        [SEND, 'Name=autre', `DirectoryNumber=${LINE}`, 'To=0142000001', 'Bytes=300', `SHA256=${'ab'.repeat(32)}`],
        0,
      ],
      ['self::support.client', [`${FAX}Document.4.Put()`], 7027],
    ]);
  });

  it('documents that wait take no turn of other commands, and there is an end to them', () => {
    const desk = deskWith();
    const asked = Array.from({ length: 45 }, (_, index) =>
      desk.operate(SEND, { ...WISH, Name: `n${index}` }, 'support-2'),
    );
    expect(asked.filter(({ failure }) => failure === undefined)).toHaveLength(40);
    expect(desk.operate('Device.SelfTestDiagnostics()', {}, 'support-2').failure).toBeUndefined();
  });
});

describe('X-2, U-1: what a role sees of documents and of faxes that came in', () => {
  const view = { documents: [document()], received: [RECEIVED, { ...RECEIVED, number: 3, line: OTHER }] };
  const rows = (role: SupportRole, table: string): number =>
    deskWith(view).ask(get(`${FAX}${table}.*.DirectoryNumber`), role).response?.getResp?.reqPathResults[0]
      ?.resolvedPathResults.length ?? -1;

  it('documents are their sender’s and the second level’s; a client sees the faxes of its own lines', () => {
    expect(SUPPORT_ROLES.map((role) => rows(role, 'Document'))).toEqual([0, 1, 0, 1]);
    expect(SUPPORT_ROLES.map((role) => rows(role, 'Received'))).toEqual([2, 2, 2, 1]);
  });

  it('pages, rate, error correction and the result in French are there', () => {
    const { response } = deskWith(view).ask(get(`${FAX}Received.2.`), 'client');
    expect(response?.getResp?.reqPathResults[0]?.resolvedPathResults[0]?.resultParams).toMatchObject({
      ...{ From: '+33142000001', Pages: '3', Rate: '14400', ErrorCorrection: 'On', Result: 'Toutes.', Mail: 'Waiting' },
    });
  });

  it('the fax itself is read by the client of its line alone, and support does not even see the command', () => {
    const may = (role: SupportRole, fax: number) =>
      deskWith(view).operate(`${FAX}Received.${fax}.Read()`, { Offset: '0' }, role).failure?.errCode ?? 0;
    expect(SUPPORT_ROLES.map((role) => may(role, 2))).toEqual([7006, 7006, 7006, 0]);
    expect(may('client', 3)).not.toBe(0);
  });

  it('what was read is told to its reader alone, and is never written down while it waits', () => {
    const desk = deskWith(view);
    desk.event('joined');
    for (const role of SUPPORT_ROLES) desk.ask(follow({ NotifRetry: 'true', Persistent: 'true' }), role);
    desk.operate(`${FAX}Received.2.Read()`, { Offset: '0' }, 'client');
    const [going] = desk.state().going;
    const output = { Octets: 'SECRET', Offset: '0', Bytes: '6', SHA256: '' };
    const effects = desk.hear({ on: 'finished', request: going?.number ?? 0, output, sight: desk.now(), chance: 0.5 });
    const told = effects.flatMap((effect) => (effect.do === 'tell' ? [effect.controller] : []));
    expect(told).toEqual([SUPPORT_ROLES.indexOf('client') + 1]);
    expect(ends(desk, effects)[0]?.reqOutputArgs?.outputArgs).toEqual(output);
    expect(desk.state().book.notices.filter(({ notify }) => notify.operComplete)).toHaveLength(1);
    expect(writeBook(desk.state().book)).not.toContain('SECRET');
  });

  it('what could not be done ends with its reason', () => {
    const desk = deskWith(view);
    desk.event('joined');
    desk.ask(follow(), 'client');
    desk.operate(`${FAX}Document.4.Withdraw()`, {}, 'client');
    const request = desk.state().going[0]?.number ?? 0;
    const effects = desk.hear({
      on: 'finished',
      request,
      output: {},
      refusal: 'too late',
      sight: desk.now(),
      chance: 0,
    });
    expect(ends(desk, effects)[0]?.cmdFailure).toEqual({ errCode: 7022, errMsg: 'too late' });
  });

  it('a box without a terminal line has none of it', () => {
    const desk = createDesk();
    const found = desk.ask(get(FAX)).response?.getResp?.reqPathResults[0];
    expect(found?.resolvedPathResults ?? []).toEqual([]);
  });
});
