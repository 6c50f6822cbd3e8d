import { isFault } from '../../agent/model/fault.ts';
import type { Commands } from '../wires/commands.ts';
import { batchFault } from './complaint.ts';

interface Tc {
  /**
   * The whole queueing of one device, as lines of `tc -batch` that begin with the root qdisc. What was there is removed
   * first. When a line is refused the device goes back to the kernel's own queue: traffic passes, without order.
   */
  install(device: string, lines: readonly string[]): Promise<void>;
  /** Changes of what is installed: a rate, a ceiling. */
  change(lines: readonly string[]): Promise<void>;
}

export function createTc(commands: Commands): Tc {
  const change = async (lines: readonly string[]): Promise<void> => {
    const outcome = await commands.run('tc', ['-batch', '-'], `${lines.join('\n')}\n`);
    if (outcome.status !== 0) throw batchFault('tc', lines, outcome);
  };

  // Refused where nothing of ours is there, which is what is wanted.
  const clear = (device: string) => commands.run('tc', ['qdisc', 'del', 'dev', device, 'root']);

  return {
    change,
    async install(device, lines) {
      await clear(device);
      try {
        await change(lines);
      } catch (error) {
        if (isFault(error)) await clear(device);
        throw error;
      }
    },
  };
}
