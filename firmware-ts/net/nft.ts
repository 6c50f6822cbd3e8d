import { Fault } from '../../agent/model/fault.ts';
import { seconds } from '../../agent/model/units.ts';
import type { Clock } from '../../agent/ports/clock.ts';
import { createTurns } from '../turns.ts';
import type { Commands, Session } from '../wires/commands.ts';
import { nftFault } from './complaint.ts';

/** The one table that is ours; every other table on the box is somebody else's. */
const TABLE = 'inet relais';
/** nft answers a description of a datatype without asking the kernel: when it comes, all before it is done. */
const ARE_YOU_DONE = 'describe mark';
const DONE = /\bdatatype mark\b/;
/** Sets whose elements are of the plan. */
const FIXED_SETS = ['voice-networks', 'voice-ports', 'answered-here'] as const;
const PATIENCE = seconds(2);

export interface Nft {
  /** Puts `ruleset` (the text of `table inet relais { … }`) in the place of our table, in one transaction. */
  install(ruleset: string): Promise<void>;
  /** Commands of nft, all of them or none. */
  change(script: string): Promise<void>;
  /** Our table as nft prints it: no counters, no elements of sets that the kernel fills; then the fixed sets whole. */
  print(): Promise<string>;
  /** One line in the open session; what is joined by `;` is one transaction. Answers what nft printed. */
  ask(line: string): Promise<string>;
  close(): void;
}

/** Both throw Fault 'network.refused' with the line that was refused; then nothing of that transaction holds. */
export function createNft(commands: Commands, clock: Clock): Nft {
  const inTurn = createTurns();
  let session: Session | undefined;

  const end = () => {
    session?.close();
    session = undefined;
  };

  /** A process per change costs 13 ms, a line in an open session 0.3 ms; so one stays open, and is opened anew when it died. */
  const opened = (): Session => {
    if (session !== undefined) return session;
    const fresh = commands.session('nft', ['-i']);
    const forget = () => {
      if (session === fresh) session = undefined;
    };
    fresh.listen({ line: () => undefined, ended: forget });
    session = fresh;
    return fresh;
  };

  const exchange = (line: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const printed: string[] = [];
      const give = (error: string) => {
        cancel();
        end();
        reject(new Fault('network.refused', { program: 'nft', line, error }));
      };
      const cancel = clock.after(PATIENCE, () => give('no acknowledgement'));
      const open = opened();
      open.listen({
        line(text) {
          if (!DONE.test(text)) {
            printed.push(text);
            return;
          }
          cancel();
          resolve(printed.join('\n'));
        },
        ended: () => give('nft ended'),
      });
      open.say(line);
      open.say(ARE_YOU_DONE);
    });

  const change = async (script: string): Promise<void> => {
    const { status, stderr } = await commands.run('nft', ['-f', '-'], script);
    if (status !== 0) throw nftFault(stderr) ?? new Fault('network.refused', { program: 'nft', error: stderr });
  };

  const list = async (...words: readonly string[]): Promise<string> => {
    const { status, stdout, stderr } = await commands.run('nft', words);
    if (status !== 0)
      throw new Fault('network.refused', { program: 'nft', line: words.join(' '), error: stderr.trim() });
    return stdout;
  };

  return {
    // `add` first, so that `delete` has something to delete on a box that starts.
    install: (ruleset) => change(`add table ${TABLE}\ndelete table ${TABLE}\n${ruleset}\n`),
    change,
    async print() {
      const table = await list('-s', '-t', 'list', 'table', 'inet', 'relais');
      const fixed: string[] = [];
      for (const set of FIXED_SETS) fixed.push(await list('list', 'set', 'inet', 'relais', set));
      return [table, ...fixed].join('\n');
    },
    ask: (line) =>
      inTurn(async () => {
        const printed = await exchange(line);
        const fault = nftFault(printed);
        if (fault !== undefined) throw fault;
        return printed;
      }),
    close: end,
  };
}
