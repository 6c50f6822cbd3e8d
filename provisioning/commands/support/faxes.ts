import { readFileSync } from 'node:fs';
import type { Notify } from '../../../agent/usp/wire/message.ts';
import type { OpenController } from '../../support/open-controller.ts';
import type { Terminal } from '../command.ts';
import { listFaxes } from './list-faxes.ts';
import { createTold, readFax } from './read-fax.ts';
import { sendFax } from './send-fax.ts';

export type FaxWords = {
  readonly device: string;
  readonly words: readonly string[];
  readonly values: Readonly<Partial<Record<'line' | 'to' | 'name', string>>>;
  readonly flags: ReadonlySet<string>;
};
type Open = (hear?: (device: string, notify: Notify) => void) => Promise<OpenController>;

/** `relais support fax`, `faxes`, `fax-read`; undefined: another subcommand. A usage says what is wrong with the words. */
export function faxCommand(
  verb: string,
  { device, words, values, flags }: FaxWords,
  terminal: Terminal,
): { readonly usage: string } | ((open: Open) => Promise<number>) | undefined {
  const [first, second] = words;
  const { line, to, name } = values;
  if (verb === 'faxes') return withLink((link) => listFaxes(link, device, terminal, flags.has('json')));
  if (verb === 'fax') {
    if (first === undefined || line === undefined || to === undefined)
      return { usage: 'fax: relais support fax DEVICE --line N --to N FILE' };
    const octets = readDocument(first);
    if (octets === undefined) return { usage: `${first}: there is no such file, or it is empty; name a PDF or TIFF` };
    return withLink((link) => sendFax(link, { device, line, to, octets, name, wait: flags.has('wait') }, terminal));
  }
  if (verb !== 'fax-read') return undefined;
  if (first === undefined || second === undefined || !/^\d{1,10}$/.test(first))
    return {
      usage: 'fax-read: relais support fax-read DEVICE NUMBER FILE; relais support faxes DEVICE says the numbers',
    };
  const told = createTold();
  const wish = { device, fax: first, file: second };
  return (open) =>
    ending(
      open((_, notify) => told.hear(notify)),
      (link) => readFax(link, told, wish, terminal),
    );
}

const withLink =
  (work: (link: OpenController) => Promise<number>) =>
  (open: Open): Promise<number> =>
    ending(open(), work);

async function ending(
  opened: Promise<OpenController>,
  work: (link: OpenController) => Promise<number>,
): Promise<number> {
  const link = await opened;
  try {
    return await work(link);
  } finally {
    await link.close();
  }
}

function readDocument(file: string): Uint8Array | undefined {
  try {
    const octets = readFileSync(file);
    return octets.length === 0 ? undefined : octets;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}
