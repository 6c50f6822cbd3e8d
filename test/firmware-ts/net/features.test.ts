import { afterEach, describe, expect, it } from 'vitest';
import { seconds } from '../../../agent/model/units.ts';
import { kernelFeatures } from '../../../firmware-ts/net/features.ts';
import { createCommands } from '../../../firmware-ts/wires/node/commands.ts';
import { createNamespace, type Namespace } from '../namespace.ts';

let namespace: Namespace | undefined;

afterEach(() => namespace?.close());

describe('the features of the kernel', () => {
  it('hold what the data plane cannot do without', async () => {
    namespace = await createNamespace();
    const features = await kernelFeatures(namespace.commands);
    const needed = ['qdisc htb', 'qdisc pfifo', 'nft map', 'nft ct zone', 'nft masquerade', 'nft redirect'] as const;
    expect(needed.filter((name) => !features.has(name))).toEqual([]);
  });

  it('agree with what the kernel says to the same order given by hand', async () => {
    namespace = await createNamespace();
    const { commands } = namespace;
    const features = await kernelFeatures(commands);
    for (const kind of ['htb', 'prio', 'fq_codel', 'cake'] as const) {
      const { status } = await commands.run('tc', ['qdisc', 'add', 'dev', 'lo', 'root', kind]);
      await commands.run('tc', ['qdisc', 'del', 'dev', 'lo', 'root']);
      expect([kind, features.has(`qdisc ${kind}`)]).toEqual([kind, status === 0]);
    }
  });

  it('are each probed on a clean device', async () => {
    namespace = await createNamespace();
    const features = await kernelFeatures(namespace.commands);
    const byHand =
      'tc qdisc add dev lo root handle 1: htb && tc filter add dev lo parent 1: u32 match u32 0 0 classid 1:1';
    const { status } = await namespace.commands.run('sh', ['-c', byHand]);
    expect(features.has('filter u32')).toBe(status === 0);
  });

  it('are probed without a trace', async () => {
    namespace = await createNamespace();
    const state = async () =>
      Promise.all(
        [
          ['nft', 'list', 'ruleset'],
          ['ip', 'link'],
          ['tc', 'qdisc'],
        ].map(async ([program = '', ...args]) => {
          const { stdout } = await (namespace?.commands ?? createCommands(seconds(5))).run(program, args);
          return stdout;
        }),
      );
    await namespace.commands.run('nft', ['add', 'table', 'inet', 'relais']);
    await namespace.commands.run('tc', ['qdisc', 'add', 'dev', 'lo', 'root', 'handle', '7:', 'htb']);
    const before = await state();
    expect(before.join()).toContain('qdisc htb 7:');
    await kernelFeatures(namespace.commands);
    expect(await state()).toEqual(before);
  });

  it('cannot be told where no namespace may be made', async () => {
    const forbidden = {
      ...createCommands(seconds(5)),
      run: async () => ({ status: 1, stdout: '', stderr: 'unshare failed\n' }),
    };
    await expect(kernelFeatures(forbidden)).rejects.toMatchObject({ code: 'network.unavailable' });
  });
});
