import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openSwapJournal } from '../edge/swap-journal-file.ts';
import { type Mail, readSmsBook, shownMail } from '../runtime/sms-book.ts';
import { SMS_BOOK_FILE } from './box-ports.ts';

export const SMS_USAGE = `usage: relais sms list --state FOLDER [--json]   the newest 200 messages that came to the mobile line

FOLDER is the state directory of the box; the agent may be running. Messages are sent by relais central sms-order.
`;
const MISUSED = 64;

/** `relais sms`: what the agent took off the card (S-11). */
export async function runSmsCommand(argv: readonly string[]): Promise<number> {
  const options = { state: { type: 'string' }, json: { type: 'boolean', default: false } } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options });
    if (positionals.join(' ') !== 'list' || values.state === undefined) return misused('name list and --state');
    const content = openSwapJournal(join(values.state, SMS_BOOK_FILE)).read();
    const mail = content === undefined ? [] : shownMail(readSmsBook(content));
    for (const one of mail) process.stdout.write(`${values.json ? JSON.stringify(one) : mailLine(one)}\n`);
    return 0;
  } catch (error) {
    return misused(error instanceof Error ? error.message : String(error));
  }
}

/** Senders write what they like: what could steer a terminal is not printed. */
function mailLine({ from, sent, at, text, missing, raw }: Mail): string {
  const when = new Date(sent ?? at).toISOString();
  const lost = missing.length === 0 ? '' : ` [part ${missing.join(', ')} never came]`;
  const what = raw === null ? text : `[no text: ${raw}]`;
  return `${when}  ${from}  ${what}${lost}`.replace(/\p{Cc}/gu, ' ');
}

function misused(why: string): number {
  process.stderr.write(`${why}\n${SMS_USAGE}`);
  return MISUSED;
}
