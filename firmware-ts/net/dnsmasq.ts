import { Fault } from '../../agent/model/fault.ts';
import { type Millis, millis, seconds } from '../../agent/model/units.ts';
import type { Clock } from '../../agent/ports/clock.ts';
import { createTurns } from '../turns.ts';
import type { Child, Launch } from '../wires/child.ts';
import type { Commands } from '../wires/commands.ts';

/** Files of the server, and what one that an earlier life left behind is ended with. */
export type DnsmasqFiles = {
  readonly configuration: string;
  readonly leases: string;
  readonly pid: string;
  /** Written beside and renamed; `undefined` removes it. */
  write(text: string | undefined): Promise<void>;
  /** As it stands there now. */
  read(): Promise<string | undefined>;
  /** Ends the process that the pid file names, if it runs with this configuration. */
  endStray(): Promise<void>;
};

type Needs = {
  readonly files: DnsmasqFiles;
  readonly launch: Launch;
  readonly commands: Pick<Commands, 'run'>;
  readonly clock: Clock;
  readonly user?: string;
};

interface Dnsmasq {
  readonly leaseFile: string;
  readonly pidFile: string;
  readonly user?: string;
  serve(configuration: string | undefined): Promise<void>;
  altered(): Promise<boolean>;
  close(): Promise<void>;
}

/** A server that ends within this time has not begun. */
const SETTLES = millis(300);
const AGAIN = seconds(1);
const LONGEST_PAUSE = seconds(60);

/**
 * One dnsmasq, begun anew for each configuration: of its options a signal makes it read but a few again. One that ends by
 * itself is begun again, each time later.
 * @throws Fault 'network.refused' with what dnsmasq says of a configuration that it does not take.
 */
export function createDnsmasq({ files, launch, commands, clock, user }: Needs): Dnsmasq {
  const inTurn = createTurns();
  let wanted: string | undefined;
  let running: { readonly child: Child; readonly ended: Promise<number> } | undefined;
  let first = true;
  let pause: Millis = AGAIN;
  let closed = false;

  const check = async (): Promise<void> => {
    const { status, stderr } = await commands.run('dnsmasq', ['--test', `--conf-file=${files.configuration}`]);
    if (status !== 0) throw new Fault('network.refused', { program: 'dnsmasq', error: stderr.trim() });
  };

  const begin = async (): Promise<void> => {
    let over: (status: number) => void = () => undefined;
    const ended = new Promise<number>((settle) => {
      over = settle;
    });
    const mine = { child: launch({ exited: (status) => over(status), beat: () => undefined }), ended };
    running = mine;
    void ended.then(() => {
      if (running !== mine) return;
      running = undefined;
      if (!closed && wanted !== undefined) again();
    });
  };

  const again = (): void => {
    clock.after(
      pause,
      () =>
        void inTurn(async () => {
          if (closed || wanted === undefined || running !== undefined) return;
          await begin();
        }).catch(() => undefined),
    );
    pause = millis(Math.min(pause * 2, LONGEST_PAUSE));
  };

  const end = async (): Promise<void> => {
    const mine = running;
    running = undefined;
    if (mine === undefined) return;
    mine.child.kill('SIGTERM');
    await mine.ended;
  };

  const serve = async (configuration: string | undefined): Promise<void> => {
    if (first) await files.endStray();
    first = false;
    if (configuration === wanted && running !== undefined && (await files.read()) === configuration) return;
    wanted = configuration;
    await files.write(configuration);
    await end();
    if (configuration === undefined) return;
    await check();
    pause = AGAIN;
    await begin();
    const status = await Promise.race([running?.ended, settled(clock)]);
    if (status !== undefined) throw new Fault('network.refused', { program: 'dnsmasq', status });
  };

  return {
    leaseFile: files.leases,
    pidFile: files.pid,
    ...(user === undefined ? {} : { user }),
    serve: (configuration) => inTurn(() => serve(configuration)),
    altered: () => inTurn(async () => (await files.read()) !== wanted),
    close: () =>
      inTurn(async () => {
        closed = true;
        await end();
      }),
  };
}

const settled = (clock: Clock): Promise<undefined> =>
  new Promise((settle) => {
    clock.after(SETTLES, () => settle(undefined));
  });
