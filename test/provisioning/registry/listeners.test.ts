import { describe, expect, it } from 'vitest';
import type { SiteConfig } from '../../../agent/model/site-config.ts';
import { createListenerBook, listenersOf } from '../../../provisioning/registry/listeners.ts';

type Site = Pick<SiteConfig, 'central' | 'device'>;
type Tls = SiteConfig['central']['tls'];

const site = (id: string, port: number, tls?: Tls): Site => ({
  device: { id },
  central: { host: '203.0.113.20', port, username: id, ...(tls && { tls }) },
});
const tls = { roots: 'PEM', servername: 'broker.example' };

describe('D-3: the listeners of the broker are what the sites were told', () => {
  it('a fleet in migration has both, each once; behind it the plain one is absent', () => {
    const moving = [site('a', 8883, { ...tls, migratingFrom: 1883 }), site('b', 8883, { ...tls, migratingFrom: 1883 })];
    const at = (one: ReturnType<typeof listenersOf>) => one.map(({ port, tls: isTls }) => [port, isTls]);
    expect(at(listenersOf([...moving, site('c', 1883)]))).toEqual([
      [8883, true],
      [1883, false],
    ]);
    expect(at(listenersOf([site('a', 8883, tls), site('b', 8883, tls)]))).toEqual([[8883, true]]);
  });

  it.each<[string, Site, string]>([
    ['TLS on a port where others speak without', site('b', 1883, tls), 'central.port'],
    ['no TLS on a port with TLS', site('b', 8883), 'central.port'],
    ['a migration from a port with TLS', site('b', 9000, { ...tls, migratingFrom: 8883 }), 'central.tls.migratingFrom'],
    ['a migration from its own port', site('b', 9000, { ...tls, migratingFrom: 9000 }), 'central.tls.migratingFrom'],
  ])('an order for %s is refused with the field and the remedy', (_what, wanted, field) => {
    const book = createListenerBook([site('a', 8883, tls), site('c', 1883)]);
    expect(book.problems(wanted)).toMatchObject([{ field, remedy: expect.stringContaining('own') }]);
  });

  it('the only site of a port may change its kind, and then others may not be of the other', () => {
    const book = createListenerBook([site('a', 1883)]);
    expect(book.problems(site('a', 1883, tls))).toEqual([]);
    book.place(site('a', 1883, tls));
    expect(book.problems(site('b', 1883))).toHaveLength(1);
    expect(book.problems(site('b', 1883, tls))).toEqual([]);
  });
});
