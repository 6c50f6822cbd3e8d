import type { SiteConfig } from '../../agent/model/site-config.ts';
import type { Order } from '../orders/order.ts';
import type { Problem } from '../orders/problem.ts';

type Listener = { readonly host: string; readonly port: number; readonly tls: boolean };

/** The addresses that the sites were told, each once, and the plain ones of a migration. */
export function listenersOf(configs: readonly Pick<SiteConfig, 'central'>[]): readonly Listener[] {
  const all = configs.flatMap(({ central }) => listenersIn(central));
  return [...new Map(all.map((one) => [addressOf(one), one])).values()];
}

/** Who was told which kind of listener, for orders that come in thousands. */
export interface ListenerBook {
  /** One port speaks TLS or does not: an order that would have it do both is refused. */
  problems(order: Pick<Order, 'central' | 'device'>): readonly Problem[];
  /** Takes the place of what the device was told. */
  place(config: Pick<SiteConfig, 'central' | 'device'>): void;
}

export function createListenerBook(configs: readonly Pick<SiteConfig, 'central' | 'device'>[]): ListenerBook {
  const users = new Map<string, Set<string>>();
  const told = new Map<string, readonly Listener[]>();
  const keyOf = (one: Listener): string => `${addressOf(one)} ${one.tls}`;

  function place({ central, device: { id } }: Pick<SiteConfig, 'central' | 'device'>): void {
    for (const one of told.get(id) ?? []) users.get(keyOf(one))?.delete(id);
    told.set(id, listenersIn(central));
    for (const one of listenersIn(central)) users.set(keyOf(one), (users.get(keyOf(one)) ?? new Set()).add(id));
  }

  for (const config of configs) place(config);
  return {
    place,
    problems({ central, device: { id } }) {
      return listenersIn(central).flatMap((own, index) => {
        const others = users.get(keyOf({ ...own, tls: !own.tls })) ?? new Set();
        const clashes = others.size > (others.has(id) ? 1 : 0);
        if (!clashes && !(index > 0 && own.port === central.port)) return [];
        const field = index > 0 ? 'central.tls.migratingFrom' : 'central.port';
        const other = own.tls ? 'other sites speak without TLS there' : 'it is a port with TLS';
        return [{ field, value: own.port, remedy: `${other}; give each kind of listener a port of its own` }];
      });
    },
  };
}

type Central = {
  readonly host: string;
  readonly port: number;
  readonly tls?: { readonly migratingFrom?: number | undefined } | undefined;
};

function listenersIn({ host, port, tls }: Central): readonly Listener[] {
  const before = tls?.migratingFrom;
  const own = { host, port, tls: tls !== undefined };
  return before === undefined ? [own] : [own, { host, port: before, tls: false }];
}

const addressOf = ({ host, port }: Listener): string => `${host}:${port}`;
