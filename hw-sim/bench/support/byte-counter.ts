import { execFileSync } from 'node:child_process';

/** IP bytes of TCP to and from a port of the loopback, headers and acknowledgments included, as the kernel counts them. */
export interface ByteCounter {
  read(): number;
}

const TABLE = 'bench_support';

/** Needs a network namespace of its own: the table stays until that ends. */
export function openByteCounter(port: number): ByteCounter {
  // On the loopback everything passes `input` once, each way.
  const rules = `table inet ${TABLE} {
  counter wire { }
  chain input {
    type filter hook input priority 0;
    tcp dport ${port} counter name wire
    tcp sport ${port} counter name wire
  }
}
`;
  execFileSync('nft', ['-f', '-'], { input: rules });
  return {
    read: () => Number(/bytes (\d+)/.exec(nft('list', 'counter', 'inet', TABLE, 'wire'))?.[1] ?? Number.NaN),
  };
}

const nft = (...words: readonly string[]): string => execFileSync('nft', words, { encoding: 'utf8' });
