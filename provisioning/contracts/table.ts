import type { Regime } from '../../agent/model/regime.ts';
import { labels } from './json-schema.ts';
import { articleName, type Leaf, leavesOf } from './leaves.ts';
import { READING_IDS } from './reading-ids.ts';
import { sayValue } from './wording.ts';

export type Contract = { readonly regime: Regime; readonly raw: unknown };
type Column = { readonly id: string; readonly leaves: readonly Leaf[] };

/** docs/regimes.md: regimes side by side, each value with its article; a dash where the contract is silent. */
export function regimeTable(contracts: readonly Contract[]): string {
  const columns = contracts.map(({ regime, raw }) => ({ id: regime.id, leaves: leavesOf(regime, raw) }));
  const known = labels('en');
  const paths = [...known.keys()].filter((path) => columns.some(({ leaves }) => has(leaves, path)));
  const groups = [...new Set(paths.map(groupOf))];
  return groups
    .map((group) => {
      const inGroup = paths.filter((path) => groupOf(path) === group);
      const rows = inGroup.map((path) => rowOf(path, known.get(path), columns));
      return [`### ${group}`, '', headOf(columns), ...rows].join('\n');
    })
    .join('\n\n');
}

const headOf = (columns: readonly Column[]): string =>
  [`| value | ${columns.map(({ id }) => id).join(' | ')} |`, `|---|${columns.map(() => '---').join('|')}|`].join('\n');

function rowOf(path: string, label: string | undefined, columns: readonly Column[]): string {
  const [group = '', name = ''] = path.split('.');
  const id = READING_IDS[group]?.[name];
  const meaning = id === undefined ? label : `reading ${id}`;
  const title = `\`${path.slice(group.length + 1) || path}\`${meaning === undefined ? '' : `<br>${meaning}`}`;
  const cells = columns.map(({ leaves }) => cellOf(leaves.find((leaf) => leaf.path === path)));
  return `| ${[title, ...cells].map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

const has = (leaves: readonly Leaf[], path: string): boolean => leaves.some((leaf) => leaf.path === path);

function cellOf(leaf: Leaf | undefined): string {
  if (leaf === undefined) return '–';
  const source = shortSource(leaf);
  const said = sayValue(leaf, 'en');
  return source === '' || source === said ? said : `${said}<br>*${source}*`;
}

/** The article without its words: they stand in the file, and in `relais regime show`. */
function shortSource({ from }: Leaf): string {
  switch (from.kind) {
    case 'contract':
      return articleName(from.article);
    case 'default':
      return 'default';
    case 'reading':
      return from.given && from.article !== undefined ? articleName(from.article) : 'default';
    case 'setting':
      return '';
  }
}

const groupOf = (path: string): string => path.split('.')[0] ?? path;
