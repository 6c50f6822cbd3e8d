import { join } from 'node:path';
import type { BoxConfig, SiteConfig } from '../model/site-config.ts';
import type { Boot } from '../ports/agent-ports.ts';
import type { Clock } from '../ports/clock.ts';
import { isTrusted } from '../x509/fits-time.ts';
import type { SecureRoad } from './broker-client.ts';
import { openTimeFloor } from './time-floor.ts';
import { openUplinkIdentity } from './uplink-identity.ts';

/** Beside the ledger, where the box config names no other. */
export const identityFileOf = ({ uplinkIdentity, stateDirectory }: BoxFiles): string =>
  uplinkIdentity ?? join(stateDirectory, 'uplink-identity.pem');

type BoxFiles = Pick<BoxConfig, 'stateDirectory' | 'uplinkIdentity'>;

/** Mutual TLS as the configuration of the site orders it; undefined where it does not. */
export function openSecureRoad(
  { central, device, issuedAt = 0 }: SiteConfig,
  box: BoxFiles,
  clock: Clock,
  boot: Pick<Boot, 'quality'>,
): SecureRoad | undefined {
  if (central.tls === undefined) return undefined;
  const { roots, servername } = central.tls;
  const identity = openUplinkIdentity(identityFileOf(box), device.id);
  // A certificate of its own proves the time as well: the operator signed it when it began.
  const floor = openTimeFloor(join(box.stateDirectory, 'time-floor'), [issuedAt, identity.life()?.from ?? 0]);
  const sight = () => ({ wall: clock.wall(), quality: boot.quality(), floor: floor.at() });
  return {
    trust: { roots, servername, sight },
    identity,
    connected() {
      if (isTrusted(sight())) floor.seen(clock.wall());
    },
  };
}
