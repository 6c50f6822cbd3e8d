import type { FaxSpoolPorts } from '../ports/agent-ports.ts';
import { createFaxBook } from './fax-book.ts';
import type { FaxPhones } from './fax-calls.ts';
import { createFaxTerminal, type FaxTerminal } from './fax-terminal.ts';

type Needs = Parameters<typeof createFaxBook>[0];

/** The terminal lines of the site, with their calls, their records and their spool. */
export function openTerminal(needs: Needs, { byMode }: Pick<FaxPhones, 'byMode'>, spool: FaxSpoolPorts): FaxTerminal {
  const { config, ports, turns } = needs;
  const book = createFaxBook(needs);
  const terminal = createFaxTerminal({
    ...{ clock: ports.clock, turns, calls: byMode.terminal, inbox: spool.inbox, outbox: spool.outbox },
    lines: (config.fax?.lines ?? []).filter(({ mode }) => mode === 'terminal'),
    pace: config.regime.limits.faxPace?.value,
    otherFaxes: book.others,
    ...{ admit: book.admit, goesOn: book.goesOn, report: book.report, proven: book.proven, giveUp: book.giveUp },
  });
  byMode.terminal.onCall(terminal.take);
  return {
    take: terminal.take,
    stop() {
      terminal.stop();
      spool.stop();
    },
  };
}
