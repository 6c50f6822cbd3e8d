/**
 * The agent of a box with one fax line, and somebody behind that line who takes every call, asks for T.38 and speaks in it.
 * Each SIGUSR2 dials the next number of the command line; `image:` before it has T.38 in the first INVITE. What a call is
 * told goes to standard output, a JSON line each, among the lines of the agent's log.
 *
 *   node fax-agent.js BOX.json SECRETS.json NUMBER …
 */

import { mkdirSync } from 'node:fs';
import { closeBoxPorts, openBoxPorts } from '../../../agent/commands/box-ports.ts';
import { loadConfig } from '../../../agent/edge/load-config.ts';
import { createLog } from '../../../agent/edge/log-journal.ts';
import type { FaxCall, FaxCallNews } from '../../../agent/ports/fax-calls.ts';
import { type Agent, startAgent } from '../../../agent/runtime/agent.ts';
import { FAX_LINE } from './fax-words.ts';

const [config = '', secrets = '', ...numbers] = process.argv.slice(2);
const given = loadConfig(config);
const line = { number: FAX_LINE, mode: 'machine', server: 'voice', user: FAX_LINE, stationId: '0172890001' } as const;
const loaded = {
  ...given,
  site: { ...given.site, fax: { lines: [line] } },
  box: { ...given.box, faxSecrets: secrets },
};
const log = createLog('info');
mkdirSync(loaded.box.stateDirectory, { recursive: true, mode: 0o700 });
const ports = await openBoxPorts(loaded, log, (fault) => {
  log.fatal({ ...fault.context }, fault.code);
  process.exit(75);
});
const agent = await new Promise<Agent>((ready) => startAgent(loaded.site, ports, ready));
log.info({}, 'agent started');

const EVERY_MS = 50;
/** An IFP packet of one octet, a V.21 preamble, without secondaries (T.38 9.1). */
const datagram = (sequence: number): Uint8Array => Uint8Array.of(sequence >> 8, sequence & 0xff, 1, 0x06, 0, 0);

/** Speaks T.38 while it lasts, and tells what it hears; `dialled` hangs up once it heard enough. */
function live(call: () => FaxCall, dialled: boolean): (news: FaxCallNews) => void {
  let talking: NodeJS.Timeout | undefined;
  let heard = 0;
  const tell = (news: object): void => log.info({ ...news, call: call().id, heard, dialled }, 'fax call');
  return (news) => {
    if (news.on === 'heard') heard += 1;
    else tell(news);
    if (news.on === 'over') clearInterval(talking);
    if (news.on === 'answered' && !dialled) setTimeout(() => call().turnToFax(), 300);
    if (news.on === 'fax-opened' && talking === undefined) {
      let sequence = 0;
      talking = setInterval(() => {
        call().send(datagram(sequence));
        sequence += 1;
        if (dialled && heard > 10) call().hangUp();
      }, EVERY_MS);
    }
  };
}

agent.fax?.onCall((call) => {
  setTimeout(call.answer, 200);
  return live(() => call, false);
});
process.on('SIGUSR2', () => {
  const next = numbers.shift();
  if (next === undefined || agent.fax === undefined) return;
  const imageAtOnce = next.startsWith('image:');
  const call: FaxCall = agent.fax.dial(
    { line: FAX_LINE, dialled: next.replace('image:', ''), imageAtOnce },
    live(() => call, true),
  );
});
process.on('SIGTERM', () => {
  const asleep = new Promise<void>((done) => agent.stop(done));
  void closeBoxPorts(ports, asleep).then(() => process.exit(0));
});
