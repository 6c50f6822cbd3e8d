import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, runIn } from '../../kernel/namespaces.ts';
import type { Stage } from '../stage.ts';

export interface Power {
  /** What the box ordered its system to do, if anything. */
  ordered(): boolean;
  /** The box goes down and comes up: programs end, the kernel has forgotten everything and has another name for its life. */
  cycle(stage: Pick<Stage, 'stopAgent' | 'startAgent'>): Promise<void>;
}

const BOOT_ID = '/proc/sys/kernel/random/boot_id';

/**
 * The system of the box as far as a restart of the box goes: `systemctl reboot` is heard instead of done, and what a reboot
 * does to the box's namespace is done by hand. Left out: the time that a board takes to start. To be made before the agent
 * is started, for it finds `systemctl` by its path.
 */
export function createPower(directory: string): Power {
  const programs = join(directory, 'bin');
  const heard = join(directory, 'reboot-ordered');
  mkdirSync(programs);
  writeFileSync(join(programs, 'systemctl'), `#!/bin/sh\n[ "$*" = reboot ] && : > ${heard}\n`);
  chmodSync(join(programs, 'systemctl'), 0o755);
  process.env.PATH = `${programs}:${process.env.PATH ?? ''}`;
  return {
    ordered: () => existsSync(heard),
    async cycle({ stopAgent, startAgent }) {
      await stopAgent();
      await forgetKernel();
      const next = join(directory, 'boot-id');
      writeFileSync(next, `${randomUUID()}\n`);
      await run(['mount', '--bind', next, BOOT_ID]);
      rmSync(heard, { force: true });
      startAgent();
    },
  };
}

/** Addresses come back with the system's own set-up, as the agent finds them at any start. */
async function forgetKernel(): Promise<void> {
  await runIn('gw', ['nft', 'flush', 'ruleset']);
  const script = `ip -4 rule list | sed -n 's/^\\(1[0-9][0-9]\\):.*/\\1/p' | while read -r at; do ip -4 rule del pref "$at"; done
    for table in $(seq 101 199); do ip -4 route flush table "$table" 2>/dev/null || true; done
    for device in voice0 data0 wan1 wan2; do tc qdisc del dev "$device" root 2>/dev/null || true; done
    sysctl -qw net.ipv4.ip_forward=0`;
  await runIn('gw', ['sh', '-e', '-c', script]);
}
