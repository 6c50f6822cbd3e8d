import type { StorePlace } from '../../central/store/open-store.ts';
import type { Registry } from '../../registry/registry.ts';
import { REFUSED, type Terminal } from '../command.ts';
import type { DataFolders } from '../rate/context-files.ts';

export const OPTIONS = [
  ...(['directory', 'broker', 'state', 'by', 'why', 'host', 'format', 'data'] as const),
  ...(['period', 'account', 'mask', 'central-key', 'issuing-key'] as const),
  ...([
    'slot',
    'iccid',
    'profile',
    'code',
    'pin',
    'old-pin',
    'apn',
    'reason',
    'id',
    'to',
    'text',
    'line',
    'do',
    'order',
  ] as const),
] as const;
export const FLAGS = ['json', 'set-aside', 'issue', 'dry-run', 'report'] as const;

/** Where the operator data of the project lies, the clock (Unix ms), and the DATABASE_URL of the environment. */
export type CentralData = DataFolders & {
  readonly hosts: readonly string[];
  readonly now: () => number;
  readonly databaseUrl: string | undefined;
};

/** What a command of the central was asked for. */
export type Wish = {
  /** Behind the subcommand. */
  readonly words: readonly string[];
  readonly values: Readonly<Partial<Record<(typeof OPTIONS)[number], string>>>;
  readonly flags: ReadonlySet<string>;
  readonly store: StorePlace;
  readonly shipped: CentralData;
  readonly terminal: Terminal;
};

export type WithRegistry = Wish & { readonly directory: string };

/** Folders of the formats of host operators, the operator's own first. */
export const formatsOf = ({ shipped, values }: Wish): readonly string[] =>
  values.data === undefined ? shipped.hosts : [`${values.data}/hosts`, ...shipped.hosts];

/** Where the store is. An empty or undefined `url`: SQLite. */
export function placeOf(url: string | undefined, directory: string | undefined): StorePlace | undefined {
  if (url !== undefined && url !== '') return { kind: 'postgres', url };
  return directory === undefined ? undefined : { kind: 'sqlite', directory };
}

export const noStore = (store: StorePlace): string =>
  store.kind === 'sqlite'
    ? `--state ${store.directory}: no central has run there yet`
    : 'DATABASE_URL: no central has run on that database yet';

/** What to say of an account that the registry has not. */
export function unknownAccount(account: string, { accounts }: Registry): string | undefined {
  if (accounts[account] !== undefined) return undefined;
  return `${account}: no such account; known: ${Object.keys(accounts).join(', ') || 'none'}`;
}

export function refuse({ err }: Terminal, why: string): number {
  err(`relais central: ${why}`);
  err('See relais central --help');
  return REFUSED;
}
