import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../agent/edge/system-clock.ts';
import { createNft, type Nft } from '../../../firmware-ts/net/nft.ts';
import { createNamespace, type Namespace } from '../namespace.ts';

const RULESET = `table inet relais {
  map steer { type mark : mark; elements = { 1 : 101 } }
  chain forward { type filter hook forward priority filter; policy accept; }
}`;

let namespace: Namespace | undefined;
let nft: Nft | undefined;

async function kernel() {
  const inside = await createNamespace();
  const executor = createNft(inside.commands, systemClock());
  namespace = inside;
  nft = executor;
  const list = async (...what: readonly string[]) => (await inside.commands.run('nft', ['list', ...what])).stdout;
  return { nft: executor, list, inside };
}

afterEach(() => {
  nft?.close();
  namespace?.close();
});

describe('installing a ruleset in the kernel', () => {
  it('puts our table in place, on an empty box and again', async () => {
    const { nft, list } = await kernel();
    await nft.install(RULESET);
    const once = await list('ruleset');
    await nft.install(RULESET);
    expect(once).toContain('0x00000001 : 0x00000065');
    expect(await list('ruleset')).toBe(once);
  });

  it('replaces all of our table and nothing else', async () => {
    const { nft, list, inside } = await kernel();
    await inside.commands.run('nft', ['add', 'table', 'inet', 'somebody-else']);
    await nft.install(RULESET);
    await nft.install('table inet relais { set alive { type mark; }; }');
    expect(await list('tables')).toBe('table inet somebody-else\ntable inet relais\n');
    expect(await list('table', 'inet', 'relais')).not.toContain('steer');
  });

  it('that has a wrong line changes nothing, and says which line', async () => {
    const { nft, list } = await kernel();
    await nft.install(RULESET);
    const before = await list('ruleset');
    const wrong = 'table inet relais {\n  map steer { type mark : mark; }\n  chain c { jump nowhere; }\n}';
    await expect(nft.install(wrong)).rejects.toMatchObject({
      code: 'network.refused',
      context: { program: 'nft', line: expect.stringContaining('jump nowhere'), error: expect.any(String) },
    });
    expect(await list('ruleset')).toBe(before);
  });
});

const move = (to: number) => `delete element inet relais steer { 1 }; add element inet relais steer { 1 : ${to} }`;

describe('a change in the open session', () => {
  it('holds in the kernel when it is acknowledged', async () => {
    const { nft, list } = await kernel();
    await nft.install(RULESET);
    await nft.ask(move(102));
    expect(await list('map', 'inet', 'relais', 'steer')).toContain('0x00000001 : 0x00000066');
  });

  it('that is refused is a fault with its line, leaves nothing half done, and the session goes on', async () => {
    const { nft, list } = await kernel();
    await nft.install(RULESET);
    const half = 'delete element inet relais steer { 1 }; add element inet relais nowhere { 1 : 2 }';
    await expect(nft.ask(half)).rejects.toMatchObject({
      code: 'network.refused',
      context: { line: half, error: 'No such file or directory' },
    });
    expect(await list('map', 'inet', 'relais', 'steer')).toContain('0x00000001 : 0x00000065');
    await nft.ask(move(103));
    expect(await list('map', 'inet', 'relais', 'steer')).toContain('0x00000001 : 0x00000067');
  });

  it('that the kernel itself refuses is a fault', async () => {
    const { nft } = await kernel();
    await nft.install(RULESET);
    await expect(nft.ask('add element inet relais steer { 1 : 9 }')).rejects.toMatchObject({
      code: 'network.refused',
      context: { error: 'Could not process rule: File exists' },
    });
  });

  it('that is no command at all is a fault', async () => {
    const { nft } = await kernel();
    await expect(nft.ask('make it so {')).rejects.toMatchObject({ code: 'network.refused' });
  });

  it('answers what was asked', async () => {
    const { nft } = await kernel();
    await nft.install(RULESET);
    expect(await nft.ask('list map inet relais steer')).toContain('elements = { 0x00000001 : 0x00000065 }');
  });

  it('sees a table that was replaced behind the session', async () => {
    const { nft, list } = await kernel();
    await nft.install(RULESET);
    await nft.ask(move(102));
    await nft.install(RULESET);
    await nft.ask(move(104));
    expect(await list('map', 'inet', 'relais', 'steer')).toContain('0x00000001 : 0x00000068');
  });

  it('given many times at once is carried out in order', async () => {
    const { nft, list } = await kernel();
    await nft.install(RULESET);
    await Promise.all(Array.from({ length: 100 }, (_, i) => nft.ask(move(200 + i))));
    expect(await list('map', 'inet', 'relais', 'steer')).toContain(
      `0x00000001 : 0x${(299).toString(16).padStart(8, '0')}`,
    );
  });

  it('that nft does not live to acknowledge is a fault at once, and the next goes through a new session', async () => {
    const { list, inside } = await kernel();
    const programs = ['read line; exit 1', 'exec nft -i'];
    const session = () => inside.commands.session('sh', ['-c', programs.shift() ?? '']);
    const frail = createNft({ ...inside.commands, session }, systemClock());
    await frail.install(RULESET);
    await expect(frail.ask(move(106))).rejects.toMatchObject({
      code: 'network.refused',
      context: { line: move(106), error: 'nft ended' },
    });
    await frail.ask(move(106));
    frail.close();
    expect(await list('map', 'inet', 'relais', 'steer')).toContain('0x00000001 : 0x0000006a');
  });

  it('goes through a new session when the old one was killed', async () => {
    const { nft, list, inside } = await kernel();
    await nft.install(RULESET);
    await nft.ask(move(102));
    await killSession(inside);
    await nft.ask(move(105)).catch(() => nft.ask(move(105)));
    expect(await list('map', 'inet', 'relais', 'steer')).toContain('0x00000001 : 0x00000069');
  });
});

/** Kills the one nft that lives in this namespace. */
async function killSession({ commands }: Namespace): Promise<void> {
  const script =
    'for p in $(ls /proc | grep -x "[0-9]*"); do [ "$(readlink /proc/$p/ns/net)" = "$(readlink /proc/self/ns/net)" ] && [ "$(cat /proc/$p/comm)" = nft ] && kill -9 $p; done; true';
  expect((await commands.run('sh', ['-c', script])).status).toBe(0);
}
