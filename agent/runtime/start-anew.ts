import { never } from '../model/never.ts';
import { seconds } from '../model/units.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { OrderedRestart } from '../usp/agent/state.ts';
import type { Ledger } from './ledger.ts';

type Parts = Pick<AgentPorts, 'boot' | 'clock' | 'journal' | 'links' | 'sim'>;

/** The answer has its second on the road before what carries it ends. */
const ANSWERED = seconds(1);

/** M-3: agent, modem, link or box; for whom and why is on the medium before anything stops. */
export function startAnew(
  { of, name, by, reason }: OrderedRestart,
  ports: Parts,
  ledger: Pick<Ledger, 'append'>,
): void {
  const { boot, clock, journal, links, sim } = ports;
  const why = reason === '' ? {} : { why: reason };
  const what = name === '' ? of.toLowerCase() : `${of.toLowerCase()} ${name}`;
  ledger.append({ kind: 'box-event', what: 'restart-ordered', of: what, by, ...why }, () =>
    clock.after(ANSWERED, () => {
      switch (of) {
        case 'Agent':
          return boot.restart?.();
        case 'Box':
          return boot.reboot?.();
        case 'Modem':
          return sim?.modem.climb('restart', () => undefined);
        case 'Link':
          return links?.restart(name, (error) => {
            if (error) journal.fault('a link could not be started anew', { link: name, error: error.message });
          });
        default:
          never(of);
      }
    }),
  );
}
