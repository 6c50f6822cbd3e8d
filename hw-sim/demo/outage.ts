import { runIn } from '../kernel/namespaces.ts';
import { BROKER } from './site-files.ts';

/** The broker is there and answers nobody from outside: what a firewall or a dead data center looks like. */
const BROKER_CUT = `table inet outage {
  chain in { type filter hook input priority -10; policy accept;
    iifname { "acc1", "acc2" } tcp dport ${BROKER.port} reject with tcp reset
  }
}
`;

export const cutBroker = async (): Promise<void> => void (await runIn('core', ['nft', '-f', '-'], BROKER_CUT));

export const healBroker = async (): Promise<void> =>
  void (await runIn('core', ['nft', 'delete', 'table', 'inet', 'outage']));
