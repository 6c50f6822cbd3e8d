import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { central } from '../../../provisioning/commands/central.ts';
import { initRegistry, readRegistry } from '../../../provisioning/registry/registry.ts';
import { account, NOW, world } from '../central/central.ts';
import { refolded, run, take } from '../central/durable-central.ts';
import { begun, EURO } from '../central/wire.ts';

let directory: string;
let registry: string;
let state: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relais-write-off-'));
  registry = join(directory, 'registry');
  state = join(directory, 'state');
  initRegistry(registry);
});
afterEach(() => rmSync(directory, { recursive: true }));

async function type(...argv: readonly string[]): Promise<{ readonly status: number; readonly said: string }> {
  const said: string[] = [];
  const say = (line: string): void => void said.push(line);
  const terminal = { out: say, err: say, stopped: () => Promise.resolve() };
  const status = await central([...argv, '--directory', registry, '--state', state], terminal);
  return { status, said: said.join('\n') };
}

/** A store in which one site has borrowed, and is never heard of again. */
async function lost(): Promise<void> {
  const running = await run({ kind: 'sqlite', directory: state });
  running.loop.take({ on: 'account-changed', account, entry: { capMicroEuro: 10_000_000, cycle: 1 }, now: NOW });
  await take(running, begun().wish('one', 10 * EURO, 0));
  await running.store.close();
}

const EPOCH = '00000000000000aa';
const who = ['--by', 'M. Durand', '--why', 'the shop burnt down'];

describe('C-3: relais central write-off', () => {
  test('leaves an order with who and why, which the service carries out once and keeps through a restart', async () => {
    await lost();
    const typed = await type('write-off', 'relais-0001', EPOCH, ...who);
    expect(typed).toMatchObject({ status: 0 });
    expect(typed.said).toContain('by M. Durand: the shop burnt down');
    const [order] = readRegistry(registry).writeOffs;
    const site = world.book.get('relais-0001');
    if (order === undefined || site === undefined) throw new Error('no order was left');

    const running = await run({ kind: 'sqlite', directory: state });
    for (let time = 0; time < 2; time += 1) running.loop.take({ on: 'written-off', site, order, now: NOW });
    await running.loop.settled();
    const before = await refolded(running.store);
    expect(before.exposures[`${account}/1`]?.returned.ticks).toBe(10 * EURO);
    await running.store.close();

    const again = await run({ kind: 'sqlite', directory: state });
    expect(await refolded(again.store)).toEqual(before);
    await again.store.close();
  });

  test.each([
    [['write-off', 'relais-0001', EPOCH], '--by NAME and --why TEXT are kept with it'],
    [['write-off', 'relais-0001', ...who], 'name one device and one epoch of it'],
    [['write-off', 'relais-0001', '00000000000000bb', ...who], 'nothing was lent to this epoch'],
  ])('%j is refused, with what is wrong and nothing changed', async (argv, message) => {
    await lost();
    const { status, said } = await type(...argv);
    expect(status).toBe(2);
    expect(said).toContain(message);
    expect(readRegistry(registry).writeOffs).toEqual([]);
  });
});
