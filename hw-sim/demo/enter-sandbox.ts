import { isFault } from '../../agent/model/fault.ts';
import { ours } from '../kernel/kernel-site.ts';
import { checkSandbox, holdLifeline, insideSandbox, runInSandbox } from '../kernel/sandbox.ts';

const UNAVAILABLE = 3;
const INTERRUPTED = 130;

/** Runs `live` inside a sandbox of its own: this program starts itself once more in there, with the same words. */
export async function enterSandbox(argv: readonly string[], live: () => Promise<number>): Promise<number> {
  if (insideSandbox()) {
    // Everything else ends with the sandbox; this only makes the end quick and quiet.
    holdLifeline(() => process.exit(INTERRUPTED));
    return live();
  }
  try {
    await checkSandbox({ tun: true });
  } catch (error) {
    if (!isFault(error)) throw error;
    const { problem, remedy } = error.context;
    process.stderr.write(
      `The simulated site can't be built on this machine.\n  ${String(problem)}\n  remedy: ${String(remedy)}\n`,
    );
    return UNAVAILABLE;
  }
  const [command, ...args] = ours(argv);
  return runInSandbox({ command, args });
}
