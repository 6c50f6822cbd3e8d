import { Fault, isFault } from '../../agent/model/fault.ts';
import { seconds } from '../../agent/model/units.ts';
import type { Clock } from '../../agent/ports/clock.ts';
import { createTurns } from '../turns.ts';
import type { Commands, Session } from '../wires/commands.ts';
import { batchFault } from './complaint.ts';
import { kernelFeatures } from './features.ts';

interface Tc {
  /**
   * The whole queueing of one device, none or as lines of `tc -batch` that begin with the root qdisc. What was there is removed
   * first. When a line is refused the device goes back to the kernel's own queue: traffic passes, without order.
   */
  install(device: string, lines: readonly string[]): Promise<void>;
  /** Changes of what is installed: a rate, a ceiling. Every line is tried; the first that is refused is told. */
  change(lines: readonly string[]): Promise<void>;
  /** Devices whose packets have an Ethernet header in the eyes of a queue; whether the kernel can queue by flow, and sort what comes in. */
  survey(): Promise<{ readonly framed: ReadonlySet<string>; readonly fair: boolean; readonly inward: boolean }>;
  close(): void;
}

const PATIENCE = seconds(2);
/** No object of tc: it says so, on a line that names the word, when all before it is done. */
const ACKNOWLEDGED = /^Object "(done-\d+)" is unknown/;

/** All throw Fault 'network.refused'. */
export function createTc(commands: Commands, clock: Clock): Tc {
  const inTurn = createTurns();
  let session: Session | undefined;
  let count = 0;

  const end = (): void => {
    session?.close();
    session = undefined;
  };

  /** A process per change costs milliseconds, while a call begins; so one stays open, and is opened anew when it died. */
  const opened = (): Session => {
    if (session !== undefined) return session;
    const fresh = commands.session('tc', ['-force', '-batch', '-']);
    const forget = () => {
      if (session === fresh) session = undefined;
    };
    fresh.listen({ line: () => undefined, ended: forget });
    session = fresh;
    return fresh;
  };

  /** What tc printed of one line: nothing, unless it was refused. */
  const exchange = (line: string): Promise<readonly string[]> =>
    new Promise((resolve, reject) => {
      const printed: string[] = [];
      count += 1;
      const word = `done-${count}`;
      const give = (error: string) => {
        cancel();
        end();
        reject(new Fault('network.refused', { program: 'tc', line, error }));
      };
      const cancel = clock.after(PATIENCE, () => give('no acknowledgement'));
      const open = opened();
      open.listen({
        line(text) {
          if (ACKNOWLEDGED.exec(text)?.[1] !== word) {
            printed.push(text);
            return;
          }
          cancel();
          resolve(printed.filter((one) => !COUNTED.test(one)));
        },
        ended: () => give('tc ended'),
      });
      open.say(line);
      open.say(word);
    });

  const change = async (lines: readonly string[]): Promise<void> => {
    let refused: Fault | undefined;
    for (const line of lines) {
      const [error] = await exchange(line);
      if (error !== undefined) refused ??= new Fault('network.refused', { program: 'tc', line, error });
    }
    if (refused !== undefined) throw refused;
  };

  const install = async (device: string, lines: readonly string[]): Promise<void> => {
    // Refused where nothing of ours is there, which is what is wanted.
    const clear = () => commands.run('tc', ['qdisc', 'del', 'dev', device, 'root']);
    await clear();
    if (lines.length === 0) return;
    try {
      const outcome = await commands.run('tc', ['-batch', '-'], `${lines.join('\n')}\n`);
      if (outcome.status !== 0) throw batchFault('tc', lines, outcome);
    } catch (error) {
      if (isFault(error)) await clear();
      throw error;
    }
  };

  return {
    install,
    change: (lines) => inTurn(() => change(lines)),
    survey: () => survey(commands),
    close: end,
  };
}

/** How a batch says which of its lines was refused, after it has said why. */
const COUNTED = /^Command failed -:\d+$/;

/** As `ip -json link` prints it. */
type PrintedLink = { readonly ifname: string; readonly link_type?: string };

async function survey(commands: Commands): ReturnType<Tc['survey']> {
  const { status, stdout, stderr } = await commands.run('ip', ['-json', 'link', 'show']);
  if (status !== 0) throw new Fault('network.refused', { program: 'ip', line: 'link show', error: stderr.trim() });
  const links = JSON.parse(stdout) as PrintedLink[];
  // A box that may make no namespace has the queues that every kernel has.
  const features = await kernelFeatures(commands, ['qdisc fq_codel', 'nft inward']).catch(() => new Set<string>());
  return {
    framed: new Set(links.filter(({ link_type }) => link_type === 'ether').map(({ ifname }) => ifname)),
    fair: features.has('qdisc fq_codel'),
    inward: features.has('nft inward'),
  };
}
