import { seconds } from '../../agent/model/units.ts';
import type { LinkSwitch } from '../../agent/ports/link-switch.ts';
import type { Commands } from '../wires/commands.ts';

type Link = { readonly name: string; readonly interface: string };

/** Long enough for the other side to notice; an access that dials does it anew. */
const DARK = seconds(2);

/** What the kernel forgets with a link's carrier, `mend` puts back. */
export const createLinkSwitch = (links: readonly Link[], commands: Commands, mend?: () => void): LinkSwitch => ({
  restart(link, done) {
    const device = links.find(({ name }) => name === link)?.interface;
    if (device === undefined) return done(new Error(`there is no link ${link}`));
    const set = async (state: 'down' | 'up'): Promise<void> => {
      const { status, stderr } = await commands.run('ip', ['link', 'set', 'dev', device, state]);
      if (status !== 0) throw new Error(stderr.trim());
    };
    const work = async (): Promise<void> => {
      try {
        await set('down');
        await commands.run('sleep', [String(DARK / 1_000)]);
      } finally {
        // Whatever went wrong: a link is never left down by us.
        await set('up');
        mend?.();
      }
    };
    work().then(
      () => done(undefined),
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
    );
  },
});
