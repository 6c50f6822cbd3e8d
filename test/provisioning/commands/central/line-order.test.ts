import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { central } from '../../../../provisioning/commands/central.ts';
import { issueOrder } from '../../../../provisioning/registry/issue-order.ts';
import { readLineOrders } from '../../../../provisioning/registry/line-orders.ts';
import { initRegistry } from '../../../../provisioning/registry/registry.ts';
import { exampleOrder, folder } from '../../example.ts';

const DEVICE = 'relais-0001';
const NOW = 1_780_000_000_000;
const ICCID = '8933100000000000025';
let directory: string;
let registry: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'relais-line-order-'));
  registry = join(directory, 'registry');
  initRegistry(registry);
  const data = { regimes: folder('regimes'), tariffs: folder('decks'), numbering: folder('numbering') };
  expect(issueOrder(registry, exampleOrder(), data).issued).toBe(true);
});
beforeEach(() => rmSync(join(registry, 'line-orders'), { recursive: true, force: true }));
afterAll(() => rmSync(directory, { recursive: true }));

async function type(...argv: readonly string[]): Promise<{ readonly status: number; readonly said: string }> {
  const said: string[] = [];
  const say = (line: string): void => void said.push(line);
  const terminal = { out: say, err: say, stopped: () => Promise.resolve() };
  const place = ['--directory', registry, '--state', join(directory, 'state')];
  const status = await central([...argv, ...place], terminal, { databaseUrl: '', now: () => NOW });
  return { status, said: said.join('\n') };
}

function codeFile(text: string): string {
  const file = join(directory, 'code');
  writeFileSync(file, text);
  return file;
}

const WHO = ['--by', 'M. Durand', '--reason', 'support'];

describe('S-1, S-2: relais central sim-order', () => {
  test.each<readonly [string, readonly string[], object]>([
    ['a slot', ['--slot', '2', '--iccid', ICCID], { target: { by: 'slot', slot: 2, iccid: ICCID } }],
    [
      'a profile',
      ['--profile', ICCID, '--apn', 'sfr'],
      { target: { by: 'profile', iccid: ICCID }, accessPoint: 'sfr' },
    ],
    ['a theft', ['--reason', 'theft'], { reason: 'theft' }],
    ['a card that was found', ['--reason', 'found'], { reason: 'found' }],
  ])('%s lies in the registry, with who ordered it', async (_, words, order) => {
    expect(await type('sim-order', DEVICE, ...WHO, ...words, '--id', 'o1')).toMatchObject({ status: 0 });
    expect(readLineOrders(registry)).toMatchObject([
      { is: 'sim', device: DEVICE, orderedAt: NOW, order: { id: 'o1', by: 'M. Durand', ...order } },
    ]);
  });

  test('S-8: an activation code is read from a file, and the order is for the owner of the registry alone', async () => {
    const file = codeFile('LPA:1$smdp.example$NEW$$1\n1234\n');
    expect(await type('sim-order', DEVICE, ...WHO, '--code', file)).toMatchObject({ status: 0 });
    const [order] = readLineOrders(registry);
    expect(order).toMatchObject({ download: { code: 'LPA:1$smdp.example$NEW$$1', confirmation: '1234' } });
    const [name = ''] = readdirSync(join(registry, 'line-orders'));
    expect(statSync(join(registry, 'line-orders', name)).mode & 0o077).toBe(0);
  });

  test('S-8: a PIN is read from a file as well, and belongs to a card', async () => {
    const file = codeFile('4711\n');
    expect(await type('sim-order', DEVICE, ...WHO, '--slot', '2', '--pin', file)).toMatchObject({ status: 0 });
    expect(readLineOrders(registry)).toMatchObject([{ pin: '4711' }]);
    const none = await type('sim-order', DEVICE, ...WHO, '--reason', 'theft', '--pin', file);
    expect(none).toMatchObject({ status: 2, said: expect.stringContaining('--pin goes with the card') });
    const both = ['--slot', '1', '--profile', ICCID, '--old-pin', codeFile('0815'), '--id', 'o2'];
    expect(await type('sim-order', DEVICE, ...WHO, ...both)).toMatchObject({ status: 0 });
    expect(readLineOrders(registry).find(({ order }) => order.id === 'o2')).toMatchObject({
      oldPin: '0815',
      order: { target: { by: 'profile', slot: 1, iccid: ICCID } },
    });
    const wrong = await type('sim-order', DEVICE, ...WHO, '--slot', '2', '--pin', codeFile('12'));
    expect(wrong).toMatchObject({ status: 2, said: expect.stringContaining('4 to 8 digits') });
  });

  test('under the same name it is ordered once, and another order is refused', async () => {
    const words = [...WHO, '--slot', '2', '--id', 'o1'];
    await type('sim-order', DEVICE, ...words);
    expect((await type('sim-order', DEVICE, ...words)).said).toContain('was ordered before');
    const other = await type('sim-order', DEVICE, ...WHO, '--slot', '1', '--id', 'o1');
    expect(other).toMatchObject({ status: 2, said: expect.stringContaining('another order has this name') });
    expect(readLineOrders(registry)).toMatchObject([{ order: { target: { slot: 2 } } }]);
  });

  test.each<readonly [string, readonly string[], string]>([
    ['no device', [...WHO, '--slot', '2'], 'name one device'],
    ['an unknown device', ['relais-9', ...WHO, '--slot', '2'], 'relais-9: no such device; known: relais-0001'],
    ['nobody who orders', [DEVICE, '--slot', '2', '--reason', 'support'], '--by is missing'],
    ['no reason', [DEVICE, '--slot', '2', '--by', 'x'], '--reason (missing): order, support, loss'],
    ['no card', [DEVICE, ...WHO], 'no card was named: --slot 1|2, --profile ICCID or --code FILE'],
    ['two cards', [DEVICE, ...WHO, '--slot', '2', '--code', '/nowhere'], 'downloads to the eUICC in use'],
    ['a third slot', [DEVICE, ...WHO, '--slot', '3'], '--slot 3: 1 or 2'],
    ['an ICCID without a slot', [DEVICE, ...WHO, '--iccid', ICCID], 'a profile is named by --profile'],
    ['half an ICCID', [DEVICE, ...WHO, '--profile', '8933'], 'target.iccid: an ICCID of 18 to 20 digits'],
    ['a strange access point', [DEVICE, ...WHO, '--slot', '2', '--apn', 'a b'], 'accessPoint: letters, digits, dots'],
    ['a file that is not there', [DEVICE, ...WHO, '--code', '/nowhere'], '--code /nowhere: cannot be read'],
    ['a strange name', [DEVICE, ...WHO, '--slot', '2', '--id', '../x'], '--id ../x: letters, digits and dashes'],
  ])('refuses %s, says why, and writes nothing', async (_, words, why) => {
    expect(await type('sim-order', ...words)).toMatchObject({ status: 2, said: expect.stringContaining(why) });
    expect(readLineOrders(registry)).toEqual([]);
  });

  test.each([
    ['no code', 'hello', 'has to begin with LPA:1$'],
    ['no server', 'LPA:1$$NEW', 'names no server'],
    ['no confirmation code', 'LPA:1$smdp.example$NEW$$1', 'put it on the second line'],
  ])('refuses a file with %s, and does not show what is in it', async (_, text, why) => {
    const { status, said } = await type('sim-order', DEVICE, ...WHO, '--code', codeFile(text));
    expect(status).toBe(2);
    expect(said).toContain(why);
    expect(said).not.toContain('NEW');
  });
});

describe('S-11: relais central sms-order and cancel-order', () => {
  it('orders a message, and takes it back before it was sent', async () => {
    const words = ['--to', '+33612345678', '--text', 'bonjour', '--by', 'M. Durand', '--id', 'm1'];
    expect(await type('sms-order', DEVICE, ...words, '--report')).toMatchObject({ status: 0 });
    expect(readLineOrders(registry)).toMatchObject([{ is: 'sms', order: { text: 'bonjour', wantsReport: true } }]);
    expect(await type('cancel-order', 'm1', '--by', 'Mme Petit')).toMatchObject({ status: 0 });
    expect(readLineOrders(registry)).toMatchObject([{ canceled: { by: 'Mme Petit', at: NOW } }]);
    expect((await type('cancel-order', 'm1', '--by', 'x')).said).toContain('was taken back by Mme Petit');
    expect((await type('cancel-order', 'm2', '--by', 'x')).said).toContain('m2: no such order');
  });

  test.each<readonly [string, readonly string[], string]>([
    ['no number', ['--text', 'a'], '--to is missing'],
    ['a name as a number', ['--to', 'Paul', '--text', 'a'], 'to: a number: a plus before'],
    ['no text', ['--to', '+33612345678'], '--text is missing'],
  ])('refuses %s', async (_, words, why) => {
    const typed = await type('sms-order', DEVICE, '--by', 'x', ...words);
    expect(typed).toMatchObject({ status: 2, said: expect.stringContaining(why) });
    expect(readLineOrders(registry)).toEqual([]);
  });
});

describe('S-3, S-5 to S-7, S-9, S-10: relais central line-order', () => {
  const MOBILE = '+33612345003';
  beforeAll(() => {
    const order = exampleOrder();
    const [main, second] = order.links;
    const data = { regimes: folder('regimes'), tariffs: folder('decks'), numbering: folder('numbering') };
    expect(issueOrder(registry, { ...order, links: [main, { ...second, line: MOBILE }] }, data).issued).toBe(true);
  });
  const said = (...words: readonly string[]) => type('line-order', DEVICE, '--by', 'M. Durand', ...words);

  it('orders a plain thing by its name, for the one mobile line of the box', async () => {
    expect(await said('--do', 'suspend', '--id', 'o1')).toMatchObject({ status: 0 });
    expect(readLineOrders(registry)).toMatchObject([
      { is: 'line', device: DEVICE, order: { id: 'o1', do: 'suspend', line: MOBILE, by: 'M. Durand' } },
    ]);
  });

  it('takes from a file what a kind of order wants beside its name', async () => {
    const file = codeFile('{ "at": 1780000000000, "bytes": 1000000000 }');
    expect(await said('--do', 'add-pack', '--order', file)).toMatchObject({ status: 0 });
    expect(readLineOrders(registry)).toMatchObject([{ order: { do: 'add-pack', bytes: 1_000_000_000 } }]);
  });

  test.each<readonly [string, readonly string[], string]>([
    ['nothing to do', [], '--do is missing: bar-outgoing, suspend'],
    ['something unknown', ['--do', 'dance'], 'do: '],
    ['a line of another box', ['--do', 'suspend', '--line', '+33699999999'], `relais-0001 has ${MOBILE}`],
    ['a file that is not there', ['--do', 'add-pack', '--order', '/nowhere'], 'a file with a JSON object'],
    ['a pack without its size', ['--do', 'add-pack'], 'at: '],
  ])('refuses %s', async (_, words, why) => {
    expect(await said(...words)).toMatchObject({ status: 2, said: expect.stringContaining(why) });
    expect(readLineOrders(registry)).toEqual([]);
  });
});

describe('relais central sims', () => {
  it('says whose orders it can tell of', async () => {
    expect(await type('sims', 'nobody')).toMatchObject({ status: 2, said: expect.stringContaining('relais-0001') });
    expect((await type('sims', DEVICE)).said).toContain('no central has run there yet');
  });
});
