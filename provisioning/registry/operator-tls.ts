import { readFileSync } from 'node:fs';
import { Fault } from '../../agent/model/fault.ts';
import type { OperatorTls } from '../broker/broker-options.ts';
import { registryPaths } from './paths.ts';

/**
 * What a central or a controller of that name shows the broker, and by what it knows it.
 * @throws Fault `config.unreadable` where the registry has made none yet.
 */
export function operatorTls(directory: string, username: string, servername: string): OperatorTls {
  const paths = registryPaths(directory);
  return {
    ...{ servername, roots: read(paths.authority.root), identity: read(paths.roleIdentity(username)) },
  };
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const remedy = 'an order with central.tls makes it; relais provision init makes it anew when it is due';
    throw new Fault('config.unreadable', { path, remedy }, { cause });
  }
}
