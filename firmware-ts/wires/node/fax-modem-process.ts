import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Fault } from '../../../agent/model/fault.ts';
import type { FaxModemNews } from '../../../agent/model/fax-modem.ts';
import type { FaxModem, FaxModemSettings } from '../../devices/fax-modem/fax-modem.ts';

/** What the process has to know: which tty, how fast, and the settings of the modem. */
export type FaxProcessSettings = FaxModemSettings & { readonly path: string; readonly baudRate: number };

/** From the process: news of the modem, or how it began. */
export type FromFaxProcess = FaxModemNews | { readonly on: 'opened' } | { readonly on: 'no-tty' };

/**
 * A fax modem in a process of its own, so that nothing the agent does holds up a page (T.31 drops the carrier of a page whose
 * octets come late). A thread would do, but serialport 13 polls on the loop of the main thread and ends the whole process when
 * it is opened in another.
 * @param entry the compiled firmware-ts/fax-process.
 * @throws Fault 'modem.silent' when the tty is not there.
 */
export async function startFaxModemProcess(entry: string, settings: FaxProcessSettings): Promise<FaxModem> {
  const child = fork(entry, [JSON.stringify(settings)], { serialization: 'advanced', execArgv: [] });
  const exited = once(child, 'exit');
  const ended = exited.then((): FromFaxProcess => ({ on: 'no-tty' }));
  const told = once(child, 'message').then(([first]: FromFaxProcess[]) => first);
  const first = await Promise.race([told, ended]);
  if (first?.on !== 'opened') {
    child.kill('SIGTERM');
    await exited;
    throw new Fault('modem.silent', { path: settings.path });
  }
  let listener: (news: FaxModemNews) => void = () => undefined;
  let closing = false;
  child.on('message', (news: FromFaxProcess) => {
    if (news.on !== 'opened' && news.on !== 'no-tty') listener(news);
  });
  // A process that died is a line that is gone; the agent lives on.
  child.on('error', () => undefined);
  child.once('exit', () => {
    if (!closing) listener({ on: 'lost' });
  });
  return {
    order: (order) => {
      if (child.connected) child.send(order);
    },
    listen(next) {
      listener = next;
    },
    async close() {
      closing = true;
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
