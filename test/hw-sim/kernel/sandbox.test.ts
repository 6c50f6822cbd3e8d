import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { footprint, MAIN, remains, startSite } from './site-process.ts';

const isRoot = process.getuid?.() === 0;

/** Becomes nobody, on a machine of its own where /dev/net/tun has this mode; needs root. */
const nobody = (mode: string): readonly string[] => {
  const device = `mount -t tmpfs -o dev nobody /run && mknod -m ${mode} /run/tun c 10 200 && mount --bind /run/tun /dev/net/tun`;
  const become = 'exec setpriv --reuid=65534 --regid=65534 --clear-groups "$@"';
  return ['unshare', '--mount', 'sh', '-c', `${device} && ${become}`, 'nobody'];
};

/** Who builds the site: whoever runs the tests, and when that is root, also somebody without any rights. */
const WHO: readonly (readonly [string, readonly string[]])[] = isRoot
  ? [
      ['root', []],
      ['nobody', nobody('666')],
    ]
  : [['an ordinary user', []]];

describe.each(WHO)('a site that %s builds', (_, way) => {
  const ENDS = [
    ['is told to quit', (site: Site) => void site.process.stdin?.write('quit\n'), 0],
    ['is interrupted', (site: Site) => void site.process.kill('SIGINT'), 0],
    ['is killed', (site: Site) => void site.process.kill('SIGKILL'), 'SIGKILL'],
  ] as const;
  type Site = Awaited<ReturnType<typeof startSite>>;

  it.each(ENDS)('leaves no process, namespace, mount or file when it %s', async (_how, end, code) => {
    const site = await startSite(way);
    const taken = footprint(site.process.pid ?? 0);
    // Setpriv became unshare; its child is the inner site, with two emulators and four bridges below it.
    expect(taken.processes.length).toBeGreaterThanOrEqual(9);
    expect(taken.namespaces.size).toBeGreaterThanOrEqual(8);
    expect(remains(taken)).toEqual(expect.arrayContaining([...taken.processes, ...taken.namespaces]));
    end(site);
    expect(await site.ended).toBe(code);
    await vi.waitFor(() => expect(remains(taken)).toEqual([]), { timeout: 10_000, interval: 20 });
    expect(existsSync('/run/relais')).toBe(false);
  });

  it('gives the programs inside everything that a data plane needs of the kernel', async () => {
    const site = await startSite(way);
    const orders = [
      'nft add table inet t',
      "nft add chain inet t post '{ type nat hook postrouting priority srcnat; }'",
      'nft add rule inet t post oifname wan1 masquerade',
      "nft add map inet t steer '{ type mark : mark; }'",
      'tc qdisc add dev wan1 root handle 1: htb default 10',
      'tc class add dev wan1 parent 1: classid 1:10 htb rate 1mbit',
      'ip rule add fwmark 1 lookup 101',
      'ip route add default dev wan1 table 101',
      'conntrack -L',
    ];
    for (const order of orders) expect(await site.order(`in gw ${order}`)).toHaveProperty('output');
    site.process.kill('SIGTERM');
    expect(await site.ended).toBe(0);
  });
});

describe('a machine where the site cannot be built', () => {
  beforeAll(() => {
    // Rights can only be taken away by who has them.
    if (!isRoot) throw new Error('these tests take rights away and must be run as root');
  });

  const site = (way: readonly string[]) => {
    const [command = '', ...args] = [...way, process.execPath, MAIN, 'site'];
    return spawnSync(command, args, { encoding: 'utf8', input: 'quit\n' });
  };

  it('is told how to open /dev/net/tun', () => {
    const { status, stderr } = site(nobody('600'));
    expect(status).toBe(3);
    expect(stderr).toContain('sandbox.unavailable');
    expect(stderr).toContain('sudo chmod 666 /dev/net/tun');
  });

  it('is told to give a container its rights', () => {
    const { status, stderr } = site(['setpriv', '--bounding-set=-all', '--inh-caps=-all']);
    expect(status).toBe(3);
    expect(stderr).toContain('--privileged');
  });
});
