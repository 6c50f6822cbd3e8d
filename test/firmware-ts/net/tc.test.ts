import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../agent/edge/system-clock.ts';
import { createTc } from '../../../firmware-ts/net/tc.ts';
import { createNamespace, type Namespace } from '../namespace.ts';

let namespace: Namespace | undefined;

afterEach(() => namespace?.close());

async function kernel() {
  const inside = await createNamespace();
  namespace = inside;
  await inside.commands.run('ip', ['link', 'add', 'wan1', 'type', 'veth', 'peer', 'name', 'far1']);
  await inside.commands.run('ip', ['link', 'set', 'wan1', 'up']);
  const show = async (what: string) => (await inside.commands.run('tc', [what, 'show', 'dev', 'wan1'])).stdout;
  return { tc: createTc(inside.commands, systemClock()), show };
}

const LINES = [
  'qdisc add dev wan1 root handle 1: htb default 20',
  'class add dev wan1 parent 1: classid 1:1 htb rate 1mbit ceil 1mbit',
  'class add dev wan1 parent 1:1 classid 1:10 htb rate 500kbit ceil 1mbit prio 0',
  'class add dev wan1 parent 1:1 classid 1:20 htb rate 100kbit ceil 900kbit prio 1',
  'qdisc add dev wan1 parent 1:10 handle 10: pfifo limit 10',
];

describe('the queues of a device', () => {
  it('are installed, and twice is the same as once', async () => {
    const { tc, show } = await kernel();
    await tc.install('wan1', LINES);
    const once = await show('class');
    await tc.install('wan1', LINES);
    expect(once).toMatch(/class htb 1:20 .*rate 100Kbit ceil 900Kbit/);
    expect((await show('class')).split('\n').toSorted()).toEqual(once.split('\n').toSorted());
  });

  it('change their rates while they carry', async () => {
    const { tc, show } = await kernel();
    await tc.install('wan1', LINES);
    await tc.change(['class change dev wan1 parent 1:1 classid 1:20 htb rate 100kbit ceil 400kbit prio 1']);
    expect(await show('class')).toMatch(/class htb 1:20 .*ceil 400Kbit/);
  });

  it('a change that is refused is told with its line, those after it hold, and the session goes on', async () => {
    const { tc, show } = await kernel();
    await tc.install('wan1', LINES);
    const to = (ceiling: number) =>
      `class change dev wan1 parent 1:1 classid 1:20 htb rate 100kbit ceil ${ceiling}kbit prio 1`;
    const wrong = 'class change dev wan1 parent 1:1 classid 1:20 htb rate nonsense';
    await expect(tc.change([to(500), wrong, to(600)])).rejects.toMatchObject({
      code: 'network.refused',
      context: { program: 'tc', line: wrong },
    });
    expect(await show('class')).toMatch(/class htb 1:20 .*ceil 600Kbit/);
    await Promise.all([tc.change([to(700)]), tc.change([to(800)])]);
    expect(await show('class')).toMatch(/class htb 1:20 .*ceil 800Kbit/);
    // A session that is closed, or died, is opened anew.
    tc.close();
    await tc.change([to(300)]);
    expect(await show('class')).toMatch(/class htb 1:20 .*ceil 300Kbit/);
    tc.close();
  });

  it('tells which devices have Ethernet headers, and whether the kernel queues by flow', async () => {
    const { tc } = await kernel();
    const { framed, fair } = await tc.survey();
    expect(framed.has('wan1')).toBe(true);
    expect(framed.has('lo')).toBe(false);
    expect(typeof fair).toBe('boolean');
  });

  it('that are refused leave the device without any of ours, and say the line', async () => {
    const { tc, show } = await kernel();
    await tc.install('wan1', LINES);
    const wrong = 'qdisc add dev wan1 parent 1:10 no-such-queue';
    await expect(tc.install('wan1', [...LINES.slice(0, 4), wrong])).rejects.toMatchObject({
      code: 'network.refused',
      context: { program: 'tc', line: wrong },
    });
    expect(await show('qdisc')).not.toContain('htb');
  });
});
