import { openDesk } from '../../central/desk.ts';
import type { KeptDecision } from '../../central/desk-words.ts';
import { readRegistry } from '../../registry/registry.ts';
import { DONE } from '../command.ts';
import { withOwn } from '../rate/context-files.ts';
import { type AccountBook, readAccountBook } from './account-book.ts';
import { noStore, refuse, unknownAccount, type WithRegistry } from './wish.ts';

/**
 * D-2, U-7: what waits for somebody to look is charged as it is, or waived; without a use it lists what waits. The words
 * are kept for good, and what they change of an issued statement is an adjustment of the next (U-5).
 */
export async function decide(wish: WithRegistry): Promise<number> {
  const { words, values, directory, store, shipped, terminal } = wish;
  const [account, use, said, ...more] = words;
  if (account === undefined || more.length > 0)
    return refuse(terminal, 'decide: name one account, one use and charge or waive');
  const registry = readRegistry(directory);
  const unknown = unknownAccount(account, registry);
  if (unknown !== undefined) return refuse(terminal, unknown);
  const folders = withOwn(shipped, values.data);
  const book = await readAccountBook({ account, registry, store, folders, file: values.account });
  if (book === undefined) return refuse(terminal, noStore(store));
  if (use === undefined) {
    for (const { why, use: waits } of book.waiting) terminal.out(JSON.stringify({ why, ...waits }));
    return DONE;
  }
  const why = whyNot(use, book);
  if (why !== undefined) return refuse(terminal, why);
  const verdict = VERDICTS.find((one) => one === said);
  if (verdict === undefined) return refuse(terminal, `decide: ${said ?? '(missing)'}: write charge or waive`);
  const { by, why: reason } = values;
  if (!isText(by, 200) || !isText(reason, 1_000))
    return refuse(terminal, 'decide: --by NAME (to 200 letters) and --why TEXT (to 1,000) are kept with it');
  const decision = { account, id: use, verdict, by, why: reason, at: shipped.now() };
  return keep(decision, wish);
}

const VERDICTS = ['charge', 'waive'] as const;
const isText = (text: string | undefined, most: number): text is string =>
  text !== undefined && text !== '' && text.length <= most;

async function keep(decision: KeptDecision, { store, terminal }: WithRegistry): Promise<number> {
  const desk = await openDesk(store);
  if (desk === undefined) return refuse(terminal, noStore(store));
  try {
    const standing = await desk.decide(decision);
    if (standing !== undefined) {
      terminal.out(`${standing.id}: ${standing.by} decided so on ${iso(standing.at)}; nothing was done`);
      return DONE;
    }
    const { id, verdict, by, why } = decision;
    terminal.out(`${id}: ${verdict === 'charge' ? 'charged' : 'waived'}, by ${by}: ${why}`);
    return DONE;
  } finally {
    await desk.close();
  }
}

/** Only what waits, or was decided before, is anybody's to decide. */
function whyNot(use: string, { waiting, decisions }: AccountBook): string | undefined {
  if (waiting.some((one) => one.use.id === use) || decisions.some(({ id }) => id === use)) return undefined;
  return `${use}: no such use waits; waiting: ${waiting.map((one) => one.use.id).join(', ') || 'none'}`;
}

const iso = (instant: number): string => new Date(instant).toISOString();
