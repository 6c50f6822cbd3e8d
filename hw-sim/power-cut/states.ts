import { applied, type Change, SECTOR, touched } from './content.ts';
import { type Files, filesOf, type Medium, type NameChange, type Node, namesAfter } from './medium.ts';

/** One thing that a medium may hold after a cut. Two with the same key are the same to the byte. */
export type State = { readonly key: string; readonly files: () => Files };

type Dice = { fraction(): number };
type Content = { readonly key: string; readonly bytes: () => Buffer };
type Choice = (node: Node, dice: Dice) => Content;

/** What a file may come to. Sectors are written whole, in any order, and those under way may hold anything. */
const CHOICES: readonly (readonly [name: string, choose: Choice])[] = [
  ['nothing', (node) => firstChanges(node, 0)],
  ['everything', (node) => firstChanges(node, node.pending.length)],
  ['some files', (node, dice) => firstChanges(node, dice.fraction() < 0.5 ? 0 : node.pending.length)],
  ['ordered', (node, dice) => firstChanges(node, upTo(dice, node.pending.length))],
  ['torn', torn],
  ['reordered', reordered],
  ['sectors', sectorBySector],
  ['garbage', withGarbage],
];

/**
 * What the medium may hold if the power fails now: one state of each kind, and only one where nothing is pending. Names
 * follow the strict rule of POSIX: each change of a name that no flush of its directory covers may be there or not.
 */
export function statesOf(medium: Medium, dice: Dice): readonly State[] {
  const quiet =
    medium.pendingNames.length === 0 && [...medium.nodes.values()].every((node) => node.pending.length === 0);
  return (quiet ? CHOICES.slice(0, 1) : CHOICES).map(([name, choose]) => stateOf(medium, name, choose, dice));
}

function stateOf(medium: Medium, name: string, choose: Choice, dice: Dice): State {
  const changes = keptNames(medium.pendingNames, name, dice);
  const names = namesAfter(medium.names, changes);
  const contents = new Map<number, Content>();
  const keys: string[] = [];
  for (const [path, number] of names) {
    const node = number === undefined ? undefined : medium.nodes.get(number);
    if (node === undefined) continue;
    const content = choose(node, dice);
    contents.set(node.number, content);
    keys.push(`${path}=${node.number}:${content.key}`);
  }
  return {
    key: keys.sort().join(' '),
    files: () => filesOf(names, (number) => contents.get(number)?.bytes() ?? Buffer.alloc(0)),
  };
}

function keptNames(pending: readonly NameChange[], name: string, dice: Dice): readonly NameChange[] {
  if (name === 'nothing') return [];
  if (name === 'everything') return pending;
  if (name === 'ordered' || name === 'torn') return pending.slice(0, upTo(dice, pending.length));
  return pending.filter(() => dice.fraction() < 0.5);
}

function firstChanges(node: Node, count: number): Content {
  return { key: String(node.flushed + count), bytes: () => applied(node.certain, node.pending.slice(0, count)) };
}

/** All in their order up to one that arrives in part. */
function torn(node: Node, dice: Dice): Content {
  const last = upTo(dice, Math.max(0, node.pending.length - 1));
  const change = node.pending[last];
  if (change === undefined || change.do === 'truncate') return firstChanges(node, last);
  const kept = keptSectors(touched([change]), dice);
  return {
    key: `${node.flushed + last}+${drawn(dice)}`,
    bytes: () =>
      applied(node.certain, node.pending.slice(0, last + 1), (index, sector) => index < last || kept.has(sector)),
  };
}

/** Any of the changes, each whole. */
function reordered(node: Node, dice: Dice): Content {
  const kept = node.pending.map(() => dice.fraction() < 0.5);
  if (kept.every((one) => one)) return firstChanges(node, node.pending.length);
  if (!kept.some((one) => one)) return firstChanges(node, 0);
  return { key: drawn(dice), bytes: () => applied(node.certain, node.pending, (index) => kept[index] ?? false) };
}

/** Each sector as it was after some change of its own. */
function sectorBySector(node: Node, dice: Dice): Content {
  if (node.pending.length === 0) return firstChanges(node, 0);
  const until = new Map([...touched(node.pending)].map((sector) => [sector, upTo(dice, node.pending.length)]));
  const truncates = upTo(dice, node.pending.length);
  const keep = (index: number, sector: number): boolean =>
    index < (node.pending[index]?.do === 'truncate' ? truncates : (until.get(sector) ?? 0));
  return { key: drawn(dice), bytes: () => applied(node.certain, node.pending, keep) };
}

/**
 * What was being written holds, in some of its sectors, what no program wrote. The rest of such a sector keeps what it
 * had: SQLite counts on that ("powersafe overwrite"), and a medium that breaks it breaks every promise of a file system.
 */
function withGarbage(node: Node, dice: Dice): Content {
  const sectors = keptSectors(touched(node.pending), dice);
  if (sectors.size === 0) return firstChanges(node, node.pending.length);
  const seed = Math.floor(dice.fraction() * 2 ** 32);
  return {
    key: `g${drawn(dice)}`,
    bytes: () =>
      applied(
        node.certain,
        node.pending.map((change, index) => garbled(change, sectors, seed + index)),
      ),
  };
}

function garbled(change: Change, sectors: ReadonlySet<number>, seed: number): Change {
  if (change.do === 'truncate') return change;
  const bytes = Buffer.from(change.bytes);
  for (const sector of touched([change])) {
    if (!sectors.has(sector)) continue;
    const from = Math.max(0, sector * SECTOR - change.at);
    garble(bytes.subarray(from, (sector + 1) * SECTOR - change.at), seed + sector);
  }
  return { ...change, bytes };
}

/** Marsaglia's xorshift: cheap, and the same again from the same seed. */
function garble(bytes: Buffer, seed: number): void {
  let state = (seed | 1) >>> 0;
  for (let at = 0; at < bytes.length; at += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[at] = state & 0xff;
  }
}

const keptSectors = (sectors: ReadonlySet<number>, dice: Dice): ReadonlySet<number> =>
  new Set([...sectors].filter(() => dice.fraction() < 0.5));
const upTo = (dice: Dice, most: number): number => Math.floor(dice.fraction() * (most + 1));
const drawn = (dice: Dice): string => dice.fraction().toString(36).slice(2);
