import { describe, expect, test } from 'vitest';
import type { SiteConfig } from '../../../agent/model/site-config.ts';
import { checkOrder } from '../../../provisioning/orders/checks.ts';
import { type Order, OrderSchema } from '../../../provisioning/orders/order.ts';
import { problemLine, schemaProblems } from '../../../provisioning/orders/problem.ts';
import { exampleFile, exampleOrder, siteConfig } from '../example.ts';

const order = exampleOrder();
const [main, second] = order.links;
if (main === undefined || second === undefined) throw new Error('the example has two links');

type Change = Partial<Order>;
const fields = (list: readonly { readonly field: string }[]): readonly string[] => list.map(({ field }) => field);
const verdictOn = (change: Change, others: readonly SiteConfig[] = []) => checkOrder({ ...order, ...change }, others);

describe('checks of an order', () => {
  test('P-1: the worked example is an order without a problem or a warning, and failover is granted', () => {
    expect(checkOrder(order, [])).toEqual({ problems: [], warnings: [], failover: true });
  });

  test.each<[string, Change, string]>([
    ['one access link', { links: [main] }, 'links'],
    ['LANs that are not separated', { lans: { ...order.lans, separation: 'none' } }, 'lans.separation'],
  ])('F-1: with %s failover is refused with the condition that fails, and the site goes on', (_why, change, field) => {
    const verdict = verdictOn(change);
    expect(verdict.failover).toBe(false);
    expect(verdict.problems).toEqual([]);
    expect(fields(verdict.warnings)).toEqual([field]);
    expect(verdict.warnings[0]?.remedy).toContain('F-1');
  });

  test('F-1: both conditions are named when both fail', () => {
    const verdict = verdictOn({ links: [main], lans: { ...order.lans, separation: 'none' } });
    expect(fields(verdict.warnings)).toEqual(['links', 'lans.separation']);
  });

  test('F-1: a site that does not want failover is not warned of its conditions', () => {
    const verdict = verdictOn({ links: [main], failover: { ...order.failover, wanted: false } });
    expect(verdict).toEqual({ problems: [], warnings: [], failover: false });
  });

  test('F-2: a second link dedicated to voice is taken while another link carries the data', () => {
    const links: Order['links'] = [main, { ...second, use: 'voice-dedicated' }];
    expect(verdictOn({ links })).toEqual({ problems: [], warnings: [], failover: true });
  });

  test('F-4: when every link is dedicated to voice the operator is told that data has no way out', () => {
    const links: Order['links'] = [
      { ...main, use: 'voice-dedicated' },
      { ...second, use: 'voice-dedicated' },
    ];
    expect(fields(verdictOn({ links }).warnings)).toEqual(['links']);
  });

  test('Q-4: a link that is too narrow for the channels is a warning, not a refusal', () => {
    const verdict = verdictOn({ links: [main, { ...second, upKbps: 370 }] });
    expect(fields(verdict.warnings)).toEqual(['links[1].upKbps']);
    expect(verdictOn({ links: [main, { ...second, upKbps: 371 }] }).warnings).toEqual([]);
  });

  test.each<[string, Change, readonly string[]]>([
    ['two main links', { links: [main, { ...second, role: 'main', kind: 'adsl' }] }, ['links']],
    ['no main link', { links: [{ ...main, role: 'second' }] }, ['links']],
    ['F-6: a mobile main link', { links: [{ ...main, kind: 'mobile' }] }, ['links[0].kind']],
    ['U-1: a line on a link without a SIM', { links: [{ ...main, line: '+33612345003' }, second] }, ['links[0].line']],
    ['two links of one name', { links: [main, { ...second, name: main.name }] }, ['links[1].name']],
    ['a line that occurs twice', { lines: [...order.lines, ...order.lines.slice(0, 1)] }, ['lines[2].number']],
    ['LANs that overlap', { lans: { ...order.lans, data: '192.168.0.0/16' } }, ['lans.data']],
    [
      'Q-2: a SIP server outside the voice networks',
      { voice: { ...order.voice, sipServers: [{ name: 'voice', address: '203.0.113.16', port: 5060 }] } },
      ['voice.sipServers[0].address'],
    ],
    [
      'two SIP servers of one name',
      { voice: { ...order.voice, sipServers: [...order.voice.sipServers, ...order.voice.sipServers] } },
      ['voice.sipServers[1].name'],
    ],
    [
      'F-3: a longest hold-off below the hold-off',
      { failover: { ...order.failover, holdOffMaxMs: 59_999 } },
      ['failover.holdOffMaxMs'],
    ],
  ])('%s is refused, and the field is named', (_why, change, expected) => {
    const { problems } = verdictOn(change);
    expect(fields(problems)).toEqual(expected);
    for (const problem of problems) expect(problem.remedy.length).toBeGreaterThan(10);
  });

  test.each<[string, Change, readonly string[]]>([
    ['a new version of the same site', {}, []],
    ['the device of another client', { client: { id: 'other', name: 'Other' } }, ['client.id']],
    ['the device of another account', { account: { id: 'other' } }, ['account.id']],
  ])('beside the same device, %s', (_what, change, expected) => {
    expect(fields(verdictOn(change, [siteConfig('relais-0001')]).problems)).toEqual(expected);
  });

  test.each<[string, Change, readonly string[]]>([
    ['an account of the same client and regime is shared', {}, []],
    ['an account cannot have two clients', { client: { id: 'other', name: 'Other' } }, ['client.id']],
    ['an account cannot have two regimes', { regime: 'imesit' }, ['regime']],
    ['an account cannot have two operators', { tenant: 'other-operator' }, ['tenant']],
    [
      'V-5: a number is assigned to one site',
      { lines: [{ number: '+33172890009', label: 'Theirs', plan: 'metered' }] },
      ['lines[0].number'],
    ],
  ])('beside another site of the account, %s', (_what, change, expected) => {
    expect(fields(verdictOn(change, [siteConfig('relais-0002')]).problems)).toEqual(expected);
  });
});

describe('an order that its schema refuses', () => {
  const problemsOf = (input: unknown) => {
    const read = OrderSchema.safeParse(input);
    return read.success ? [] : schemaProblems(read.error, input);
  };
  const example = exampleFile();
  const having = (extra: object): unknown => ({ ...(typeof example === 'object' ? example : {}), ...extra });

  test('P-1: an error names the field, the value that stands there, and what to write instead', () => {
    const input = having({ lines: [{ number: '0172890001', label: 'Front desk', plan: 'metered' }] });
    expect(problemsOf(input).map(problemLine)).toEqual([
      'lines[0].number = "0172890001": a number in E.164 form such as +33123456789',
    ]);
  });

  test('a field that does not exist is named with its value', () => {
    expect(problemsOf(having({ chanels: 4 })).map(problemLine)).toEqual([
      'chanels = 4: no such field; remove it or correct its name',
    ]);
  });

  test('a missing field is named too', () => {
    expect(fields(problemsOf(having({ voice: { networks: ['203.0.113.0/28'], channels: 4 } })))).toEqual([
      'voice.sipServers',
    ]);
  });

  test('R-10: a cap is written as text; a floating-point number is refused', () => {
    expect(fields(problemsOf(having({ account: { id: 'a', capEuro: 150.5 } })))).toEqual(['account.capEuro']);
    expect(problemsOf(having({ account: { id: 'a', capEuro: '150.5' } }))).toEqual([]);
  });

  test('what is not an object is the order itself', () => {
    expect(fields(problemsOf('hello'))).toEqual(['order']);
  });
});
